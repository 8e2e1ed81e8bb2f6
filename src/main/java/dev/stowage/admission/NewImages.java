package dev.stowage.admission;

import dev.stowage.admission.AdmissionRequest.Operation;
import dev.stowage.message.WarningMessages;
import dev.stowage.node.StatedPlatforms;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.InvalidWorkloadException;
import dev.stowage.workload.PodTemplate;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadChange;
import dev.stowage.workload.WorkloadReader;
import java.util.List;

/** Finds the images that a request adds or moves to other nodes, pod template by pod template. */
final class NewImages {

    private final WorkloadReader workloads;
    private final ClusterView cluster;

    NewImages(WorkloadReader workloads, ClusterView cluster) {
        this.workloads = workloads;
        this.cluster = cluster;
    }

    /**
     * Adds a part to the review for each pod template with images that are new.
     *
     * @return whether there are any, and all can be read; if not, the review says what cannot
     */
    boolean find(ReviewContext review) {
        if (review.request.obstacle().isPresent()) {
            review.notChecked(review.request.obstacle().get());
            return false;
        }
        List<PodTemplate> templates;
        try {
            templates = workloads.readAll(review.request.object().orElseThrow());
        } catch (InvalidWorkloadException e) {
            review.notChecked(String.valueOf(e.getMessage()));
            return false;
        }
        boolean runsAlready = review.request.requester().isNode()
                && templates.stream().anyMatch(template -> template.workload().mirror());
        if (templates.isEmpty() || runsAlready) {
            return false;
        }
        review.knownNodes = cluster.nodes().nodes();
        warnAboutStatedPlatforms(review);
        List<PodTemplate> before = before(review.request);
        for (PodTemplate template : templates) {
            PodTemplate after = complete(template, review.request);
            WorkloadChange change = WorkloadChange.of(before, after);
            List<ImageUse> images =
                    review.request.subResource().isEmpty() ? changedImages(review, change) : change.ephemeralImages();
            if (!images.isEmpty()) {
                review.addPart(after, images, templates.size() == 1);
            }
        }
        return !review.parts.isEmpty();
    }

    /** Another opt-out makes every image of a template new, or its pods would be denied without a message to its author. */
    private static List<ImageUse> changedImages(ReviewContext review, WorkloadChange change) {
        Workload after = change.after();
        boolean otherMode = review.policy.workloadOptOut()
                && after.template()
                && change.before()
                        .filter(was -> !was.modeAnnotation().equals(after.modeAnnotation()))
                        .isPresent();
        return otherMode ? after.images() : change.images(review.knownNodes);
    }

    /** The pod templates before an update; an object that cannot be read makes every image new. */
    private List<PodTemplate> before(AdmissionRequest request) {
        if (request.operation() == Operation.CREATE || request.oldObject().isEmpty()) {
            return List.of();
        }
        try {
            return workloads.readAll(request.oldObject().get()).stream()
                    .map(before -> complete(before, request))
                    .toList();
        } catch (InvalidWorkloadException e) {
            return List.of();
        }
    }

    /**
     * Adds what the API server will add: the namespace, which older ones omit on create, and a template's defaults; and where the
     * namespace's pods run. An owner counts only if a controller names it.
     */
    private PodTemplate complete(PodTemplate read, AdmissionRequest request) {
        boolean byController = request.requester().isController(request.namespace());
        Workload workload = read.workload().with(copy -> copy.namespace(request.namespace())
                .owned(read.workload().owned() && byController)
                .uncheckedOwner(read.workload().uncheckedOwner().filter(owner -> byController))
                .scheduling(
                        read.workload().scheduling().inNamespace(cluster.nodes().platformsOf(request.namespace()))));
        return new PodTemplate(
                read.path(), workload.template() ? cluster.templateDefaults().applyTo(workload) : workload);
    }

    private void warnAboutStatedPlatforms(ReviewContext review) {
        String namespace = review.request.namespace();
        cluster.nodes()
                .platformsOf(namespace)
                .filter(platforms -> StatedPlatforms.ofNamespace(platforms).isEmpty())
                .ifPresent(
                        platforms -> review.warnAboutNamespace(WarningMessages.ofWrongPlatforms(namespace, platforms)));
    }
}
