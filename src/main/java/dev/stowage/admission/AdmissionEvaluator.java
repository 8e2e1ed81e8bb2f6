package dev.stowage.admission;

import dev.stowage.admission.AdmissionRequest.Operation;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.async.CancellableFutures;
import dev.stowage.message.DenialMessage;
import dev.stowage.message.WarningMessages;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodesCache;
import dev.stowage.node.SchedulingRules;
import dev.stowage.policy.Mode;
import dev.stowage.policy.NodeSelectorProposal;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.policy.PolicyDecision;
import dev.stowage.steering.SteeringPlanner;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Evaluates a review in the nine steps of docs/how-it-decides.md. */
final class AdmissionEvaluator {

    private static final String EPHEMERAL_CONTAINERS = "ephemeralcontainers";

    private final WorkloadReader workloads;
    private final WorkloadAssessor workloadAssessor;
    private final ClusterView cluster;
    private final BackgroundVerification background;
    private final EligibleNodesCache eligibleNodesCache;
    private final TemplateSteering steering;
    private final NewImages newImages;

    AdmissionEvaluator(
            WorkloadReader workloads,
            WorkloadAssessor workloadAssessor,
            ClusterView cluster,
            BackgroundVerification background,
            SteeringPlanner planner,
            EligibleNodesCache eligibleNodesCache) {
        this.workloads = workloads;
        this.workloadAssessor = workloadAssessor;
        this.cluster = cluster;
        this.background = background;
        this.eligibleNodesCache = eligibleNodesCache;
        this.newImages = new NewImages(workloads, cluster);
        this.steering = new TemplateSteering(planner, cluster.modes(), this::assess);
    }

    /**
     * The steps, in their order. The first ones return whether the review goes on.
     *
     * @return complete unless credentials or images have to be read; cancelling it cancels what is being read for this review alone
     */
    CompletableFuture<AdmissionDecision> evaluate(ReviewContext review) {
        if (!prepare(review)) {
            return CompletableFuture.completedFuture(review.decision());
        }
        List<CompletableFuture<Void>> decided =
                review.parts.stream().map(this::evaluatePart).toList();
        return CancellableFutures.map(CancellableFutures.all(decided), all -> {
            review.mergeParts();
            return review.decision();
        });
    }

    /** The steps before any node or image is looked at; whether the review goes on. */
    boolean prepare(ReviewContext review) {
        return filterRequest(review)
                && findMode(review)
                && checkExemptions(review)
                && newImages.find(review)
                && applyOptOut(review)
                && selectImages(review);
    }

    /** The further steps, with the rules of one pod template. */
    private CompletableFuture<Void> evaluatePart(ReviewContext review) {
        findEligibleNodes(review);
        return CancellableFutures.then(
                CancellableFutures.then(assessImages(review), assessment -> steering.apply(review, assessment)),
                assessment -> {
                    PolicyDecision result = applyPlacement(review, assessment);
                    return decide(review, result);
                });
    }

    private static boolean filterRequest(ReviewContext review) {
        AdmissionRequest request = review.request;
        boolean changes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        boolean hasImages =
                request.subResource().isEmpty() || request.subResource().equals(EPHEMERAL_CONTAINERS);
        return changes && hasImages && !request.isBeingDeleted();
    }

    private boolean findMode(ReviewContext review) {
        String namespace = review.request.namespace();
        cluster.modes().modeOf(namespace).ifPresent(label -> Mode.of(label)
                .ifPresentOrElse(
                        mode -> review.mode = mode,
                        () -> review.warnAboutNamespace(WarningMessages.ofWrongMode(namespace, label, review.mode))));
        if (review.mode == Mode.OFF) {
            review.exempt("mode off");
        } else {
            steering.checkLabel(review);
        }
        return review.mode != Mode.OFF;
    }

    private static boolean checkExemptions(ReviewContext review) {
        Optional<String> exempt =
                review.policy.exemptions().reasonToSkip(review.request.namespace(), review.request.requester());
        exempt.ifPresent(review::exempt);
        return exempt.isEmpty();
    }

    /** The second half of finding the mode: each pod template may opt out of that of the namespace. */
    private static boolean applyOptOut(ReviewContext review) {
        boolean optOut = review.policy.workloadOptOut();
        boolean onObject = review.request
                .object()
                .filter(object -> object.path("metadata").path("annotations").has(WorkloadReader.MODE_ANNOTATION))
                .isPresent();
        for (ReviewContext part : review.parts) {
            Workload workload = part.workload;
            if (workload.modeAnnotation().isPresent()) {
                String value = workload.modeAnnotation().get();
                Mode.ofOptOut(value)
                        .filter(mode -> optOut)
                        .ifPresentOrElse(
                                mode -> review.optOut(part, mode),
                                () -> part.warn(WarningMessages.ofWrongOptOut(workload, value, optOut)));
            } else if (onObject && workload.template()) {
                part.warn(WarningMessages.ofMisplacedOptOut(workload));
            }
        }
        review.parts.removeIf(part -> part.mode == Mode.OFF);
        if (review.parts.isEmpty()) {
            review.exempt("opt-out");
        }
        return !review.parts.isEmpty();
    }

    private boolean selectImages(ReviewContext review) {
        for (ReviewContext part : review.parts) {
            part.images = part.images.stream()
                    .filter(use -> !review.policy.exemptions().includesImage(use.image()))
                    .toList();
        }
        review.parts.removeIf(part -> part.images.isEmpty());
        if (review.parts.isEmpty()) {
            review.exempt("image");
        }
        Optional<String> excess = workloads
                .budget()
                .excessOf(review.parts.stream()
                        .flatMap(part -> part.images.stream())
                        .toList());
        excess.ifPresent(reason -> review.notChecked("it is too large to check: " + reason));
        return !review.parts.isEmpty() && excess.isEmpty();
    }

    private void findEligibleNodes(ReviewContext review) {
        Workload workload = review.workload;
        review.eligibleNodes = eligibleNodesCache.of(workload.scheduling(), review.knownNodes);
        if (workload.template()) {
            cluster.templateDefaults()
                    .refusal(workload)
                    .ifPresent(reason -> review.warn(WarningMessages.ofRefusedPods(workload, reason)));
        }
    }

    /** Assesses the images on the eligible nodes. */
    CompletableFuture<WorkloadAssessment> assessImages(ReviewContext review) {
        return CancellableFutures.then(
                CancellableFutures.detached(cluster.keyrings().keyringOf(review.workload, review.deadline)),
                keyring -> {
                    review.keyring = keyring;
                    return assess(review, review.images, review.eligibleNodes, review.policy.verification());
                });
    }

    private static PolicyDecision applyPlacement(ReviewContext review, WorkloadAssessment assessment) {
        PolicyConfig policy = review.steered ? review.policy.withPlacement(Placement.ANY) : review.policy;
        PolicyDecision result = PolicyDecision.of(assessment, policy);
        review.checked(result);
        return result;
    }

    private CompletableFuture<Void> decide(ReviewContext review, PolicyDecision result) {
        if (result.deniedImages().isEmpty()) {
            conclude(review, result);
            return CompletableFuture.completedFuture(null);
        }
        return CancellableFutures.map(everyImage(review, result.assessment()), all -> {
            review.deny(DenialMessage.of(
                    review.path, result, NodeSelectorProposal.find(all, review.knownNodes, eligibleNodesCache)));
            if (review.mode != Mode.ENFORCE) {
                review.warn(WarningMessages.ofRefusals(result));
            }
            conclude(review, result);
            return null;
        });
    }

    /** Adds the warnings of the policy; if it admits, verifies in the background images read by index only. */
    private void conclude(ReviewContext review, PolicyDecision result) {
        review.eligibleNodes.problems().forEach(problem -> review.warn(WarningMessages.ofUnreadableLabel(problem)));
        if (!result.isClean()) {
            review.warn(WarningMessages.ofConcerns(result));
        }
        boolean unverified = review.policy.verification() == Verification.INDEX
                && review.eligibleNodes.basis() != EligibleNodes.Basis.NONE;
        if (unverified && !review.isDenied() && !review.request.dryRun()) {
            background.start(review.workload, review.images, review.eligibleNodes, review.keyring);
        }
    }

    /**
     * An update checks new images only, but a proposed node selector must suit all of them; and it may choose nodes that are not eligible
     * yet.
     */
    private CompletableFuture<WorkloadAssessment> everyImage(ReviewContext review, WorkloadAssessment assessment) {
        List<ImageUse> all = review.workload.images();
        EligibleNodes anywhere = eligibleNodesCache.of(SchedulingRules.ANYWHERE, review.knownNodes);
        boolean complete = review.images.size() == all.size()
                && review.eligibleNodes.profiles().containsAll(anywhere.profiles());
        return complete
                ? CompletableFuture.completedFuture(assessment)
                : assess(review, all, anywhere, Verification.INDEX);
    }

    private CompletableFuture<WorkloadAssessment> assess(
            ReviewContext review, List<ImageUse> images, EligibleNodes nodes, Verification verification) {
        return workloadAssessor.assess(review.workload, images, nodes, verification, review.keyring, review.deadline);
    }
}
