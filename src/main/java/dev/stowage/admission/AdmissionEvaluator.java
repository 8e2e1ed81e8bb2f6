package dev.stowage.admission;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.admission.AdmissionRequest.Operation;
import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Deadline;
import dev.stowage.message.WarningMessages;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodesCache;
import dev.stowage.node.NodeFacts;
import dev.stowage.policy.Action;
import dev.stowage.policy.Mode;
import dev.stowage.policy.NodeSelectorProposal;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.policy.PolicyDecision;
import dev.stowage.registry.Keyring;
import dev.stowage.review.ImageFinding;
import dev.stowage.review.WorkloadAssessment;
import dev.stowage.review.WorkloadAssessor;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.InvalidWorkloadException;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadChange;
import dev.stowage.workload.WorkloadReader;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** From a request to its response: first everything that is admitted without a check, then the images. */
final class AdmissionEvaluator {

    private static final String EPHEMERAL_CONTAINERS = "ephemeralcontainers";

    private final WorkloadReader workloads;
    private final WorkloadAssessor workloadAssessor;
    private final ClusterView cluster;
    private final BackgroundVerification background;
    private final EligibleNodesCache eligibleNodes = new EligibleNodesCache();

    AdmissionEvaluator(
            WorkloadReader workloads,
            WorkloadAssessor workloadAssessor,
            ClusterView cluster,
            BackgroundVerification background) {
        this.workloads = workloads;
        this.workloadAssessor = workloadAssessor;
        this.cluster = cluster;
        this.background = background;
    }

    CompletableFuture<AdmissionDecision> evaluate(AdmissionRequest request, PolicyConfig config) {
        if (bringsNoImages(request)) {
            return CompletableFuture.completedFuture(AdmissionDecision.IGNORED);
        }
        Optional<String> label = cluster.modes().modeOf(request.namespace());
        Optional<Mode> chosen = label.flatMap(Mode::of);
        Mode mode = chosen.orElse(config.mode());
        CompletableFuture<AdmissionDecision> decided = evaluate(request, mode, config);
        if (label.isEmpty() || chosen.isPresent()) {
            return decided;
        }
        String warning = WarningMessages.ofWrongMode(request.namespace(), label.get(), mode);
        return CancellableFutures.map(
                decided,
                decision -> decision.decision() == Decision.IGNORED ? decision : decision.withWarning(warning));
    }

    private static boolean bringsNoImages(AdmissionRequest request) {
        boolean changes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        boolean other =
                !request.subResource().isEmpty() && !request.subResource().equals(EPHEMERAL_CONTAINERS);
        return !changes || other || request.isBeingDeleted();
    }

    private CompletableFuture<AdmissionDecision> evaluate(AdmissionRequest request, Mode mode, PolicyConfig config) {
        if (mode == Mode.OFF) {
            return CompletableFuture.completedFuture(AdmissionDecision.exempt(mode, "mode off"));
        }
        Optional<String> exempt = config.exemptions().reasonToSkip(request.namespace(), request.requester());
        if (exempt.isPresent()) {
            return CompletableFuture.completedFuture(AdmissionDecision.exempt(mode, exempt.get()));
        }
        Optional<WorkloadChange> change;
        try {
            change = change(request);
        } catch (InvalidWorkloadException e) {
            boolean denied = mode == Mode.ENFORCE && config.onUnresolved() == Action.DENY;
            return CompletableFuture.completedFuture(AdmissionDecision.unknown(
                    Decision.WARNED,
                    mode,
                    denied,
                    WarningMessages.ofUnreadable(request.kind(), request.name(), e.getMessage())));
        }
        if (change.isEmpty() || change.get().after().mirror()) {
            return CompletableFuture.completedFuture(AdmissionDecision.IGNORED);
        }
        return CancellableFutures.map(
                assess(request, change.get(), mode, config),
                decision -> withRefusal(decision, change.get().after()));
    }

    /** Warns if the API server will reject the pods, whenever images were checked. */
    private AdmissionDecision withRefusal(AdmissionDecision decision, Workload workload) {
        if (!workload.template() || decision.policy().isEmpty()) {
            return decision;
        }
        return cluster.templateDefaults()
                .refusal(workload)
                .map(reason -> decision.withRemark(WarningMessages.ofRefusedPods(workload, reason)))
                .orElse(decision);
    }

    private Optional<WorkloadChange> change(AdmissionRequest request) {
        Optional<Workload> after =
                workloads.read(request.object().orElseThrow()).map(read -> complete(read, request));
        if (request.operation() == Operation.CREATE || after.isEmpty()) {
            return after.map(workload -> new WorkloadChange(Optional.empty(), workload));
        }
        Optional<Workload> before = before(request);
        return after.map(workload -> new WorkloadChange(before, workload));
    }

    /** What could not be read before is checked as if it were new. */
    private Optional<Workload> before(AdmissionRequest request) {
        try {
            return request.oldObject().flatMap(workloads::read).map(read -> complete(read, request));
        } catch (InvalidWorkloadException e) {
            return Optional.empty();
        }
    }

    private Workload complete(Workload read, AdmissionRequest request) {
        Workload workload = inNamespace(read, request);
        return workload.template() ? cluster.templateDefaults().applyTo(workload) : workload;
    }

    /** Older API servers leave the namespace out of an object that is being created. */
    private static Workload inNamespace(Workload workload, AdmissionRequest request) {
        return workload.namespace().isEmpty() ? workload.withNamespace(request.namespace()) : workload;
    }

    private CompletableFuture<AdmissionDecision> assess(
            AdmissionRequest request, WorkloadChange change, Mode mode, PolicyConfig config) {
        Collection<NodeFacts> known = cluster.nodes().nodes();
        List<ImageUse> changed = request.subResource().isEmpty() ? change.images(known) : change.ephemeralImages();
        if (changed.isEmpty()) {
            return CompletableFuture.completedFuture(AdmissionDecision.IGNORED);
        }
        List<ImageUse> images = changed.stream()
                .filter(use -> !config.exemptions().includesImage(use.image()))
                .toList();
        if (images.isEmpty()) {
            return CompletableFuture.completedFuture(AdmissionDecision.exempt(mode, "image"));
        }
        Workload workload = change.after();
        EligibleNodes nodes = eligibleNodes.of(workload.scheduling(), known);
        Deadline deadline = Deadline.in(config.admissionDeadline());
        return CancellableFutures.then(
                CancellableFutures.detached(cluster.keyrings().keyringOf(workload, deadline)),
                keyring -> CancellableFutures.then(
                        workloadAssessor.assess(workload, images, nodes, config.verification(), keyring, deadline),
                        assessment -> applyPolicy(
                                assessment, new ReviewContext(request, mode, config, known, keyring, deadline))));
    }

    private CompletableFuture<AdmissionDecision> applyPolicy(WorkloadAssessment assessment, ReviewContext at) {
        PolicyDecision policyDecision = PolicyDecision.of(assessment, at.config());
        if (!policyDecision.refusals().isEmpty()) {
            return CancellableFutures.map(everyImage(assessment, at), all -> {
                AdmissionDecision decision = AdmissionDecision.ofPolicy(
                        policyDecision, at.mode(), NodeSelectorProposal.find(all, at.known()));
                return startVerification(decision, assessment, at);
            });
        }
        return CompletableFuture.completedFuture(startVerification(
                AdmissionDecision.ofPolicy(policyDecision, at.mode(), Optional.empty()), assessment, at));
    }

    /** An update checks only what changed, but a proposed node selector must suit all images. */
    private CompletableFuture<WorkloadAssessment> everyImage(WorkloadAssessment assessment, ReviewContext at) {
        Workload workload = assessment.workload();
        return assessment.findings().size() == workload.images().size()
                ? CompletableFuture.completedFuture(assessment)
                : workloadAssessor.assess(
                        workload,
                        workload.images(),
                        assessment.nodes(),
                        Verification.INDEX,
                        at.keyring(),
                        at.deadline());
    }

    private AdmissionDecision startVerification(
            AdmissionDecision decision, WorkloadAssessment assessment, ReviewContext at) {
        boolean believed = at.config().verification() == Verification.INDEX
                && assessment.nodes().basis() != EligibleNodes.Basis.NONE;
        if (believed && decision.decision() != Decision.DENIED && !at.request().dryRun()) {
            background.start(
                    assessment.workload(),
                    assessment.findings().stream().map(ImageFinding::use).toList(),
                    assessment.nodes(),
                    at.keyring());
        }
        return decision;
    }

    /** What surrounds a ruling. */
    private record ReviewContext(
            AdmissionRequest request,
            Mode mode,
            PolicyConfig config,
            Collection<NodeFacts> known,
            Keyring keyring,
            Deadline deadline) {}
}
