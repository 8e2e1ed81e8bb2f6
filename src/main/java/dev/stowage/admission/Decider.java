package dev.stowage.admission;

import dev.stowage.admission.AdmissionOutcome.Decision;
import dev.stowage.admission.AdmissionRequest.Operation;
import dev.stowage.message.WarningMessages;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import dev.stowage.policy.Action;
import dev.stowage.policy.Mode;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.policy.Ruling;
import dev.stowage.policy.SelectorProposal;
import dev.stowage.registry.Chain;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.review.Finding;
import dev.stowage.review.WorkloadFindings;
import dev.stowage.review.WorkloadReviewer;
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
final class Decider {

    private static final String EPHEMERAL_CONTAINERS = "ephemeralcontainers";

    private final WorkloadReader workloads;
    private final WorkloadReviewer reviewer;
    private final ClusterView cluster;
    private final BackgroundVerification background;
    private final Whereabouts whereabouts = new Whereabouts();

    Decider(
            WorkloadReader workloads,
            WorkloadReviewer reviewer,
            ClusterView cluster,
            BackgroundVerification background) {
        this.workloads = workloads;
        this.reviewer = reviewer;
        this.cluster = cluster;
        this.background = background;
    }

    CompletableFuture<Handled> decide(AdmissionRequest request, PolicyConfig config) {
        if (bringsNoImages(request)) {
            return CompletableFuture.completedFuture(Handled.IGNORED);
        }
        Optional<String> label = cluster.modes().modeOf(request.namespace());
        Optional<Mode> chosen = label.flatMap(Mode::of);
        Mode mode = chosen.orElse(config.mode());
        CompletableFuture<Handled> decided = decide(request, mode, config);
        if (label.isEmpty() || chosen.isPresent()) {
            return decided;
        }
        String warning = WarningMessages.ofWrongMode(request.namespace(), label.get(), mode);
        return Chain.map(
                decided, handled -> handled.decision() == Decision.IGNORED ? handled : handled.warning(warning));
    }

    private static boolean bringsNoImages(AdmissionRequest request) {
        boolean changes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        boolean other =
                !request.subResource().isEmpty() && !request.subResource().equals(EPHEMERAL_CONTAINERS);
        return !changes || other || request.isBeingDeleted();
    }

    private CompletableFuture<Handled> decide(AdmissionRequest request, Mode mode, PolicyConfig config) {
        if (mode == Mode.OFF) {
            return CompletableFuture.completedFuture(Handled.exempt(mode, "mode off"));
        }
        Optional<String> exempt = config.exemptions().reasonToSkip(request.namespace(), request.requester());
        if (exempt.isPresent()) {
            return CompletableFuture.completedFuture(Handled.exempt(mode, exempt.get()));
        }
        Optional<WorkloadChange> change;
        try {
            change = change(request);
        } catch (InvalidWorkloadException e) {
            boolean denied = mode == Mode.ENFORCE && config.onUnresolved() == Action.DENY;
            return CompletableFuture.completedFuture(Handled.unknown(
                    Decision.WARNED,
                    mode,
                    denied,
                    WarningMessages.ofUnreadable(request.kind(), request.name(), e.getMessage())));
        }
        if (change.isEmpty() || change.get().after().mirror()) {
            return CompletableFuture.completedFuture(Handled.IGNORED);
        }
        return Chain.map(
                judge(request, change.get(), mode, config),
                handled -> withRefusal(handled, change.get().after()));
    }

    /** Warns if the API server will reject the pods, whenever images were checked. */
    private Handled withRefusal(Handled handled, Workload workload) {
        if (!workload.template() || handled.ruling().isEmpty()) {
            return handled;
        }
        return cluster.templateDefaults()
                .refusal(workload)
                .map(reason -> handled.remark(WarningMessages.ofRefusedPods(workload, reason)))
                .orElse(handled);
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
        return workload.namespace().isEmpty() ? workload.inNamespace(request.namespace()) : workload;
    }

    private CompletableFuture<Handled> judge(
            AdmissionRequest request, WorkloadChange change, Mode mode, PolicyConfig config) {
        Collection<NodeFacts> known = cluster.nodes().nodes();
        List<ImageUse> changed = request.subResource().isEmpty() ? change.images(known) : change.ephemeralImages();
        if (changed.isEmpty()) {
            return CompletableFuture.completedFuture(Handled.IGNORED);
        }
        List<ImageUse> images = changed.stream()
                .filter(use -> !config.exemptions().includesImage(use.image()))
                .toList();
        if (images.isEmpty()) {
            return CompletableFuture.completedFuture(Handled.exempt(mode, "image"));
        }
        Workload workload = change.after();
        EligibleNodes nodes = whereabouts.of(workload.scheduling(), known);
        Deadline deadline = Deadline.in(config.admissionDeadline());
        return Chain.then(
                Chain.shared(cluster.keyrings().keyringOf(workload, deadline)),
                keyring -> Chain.then(
                        reviewer.review(workload, images, nodes, config.verification(), keyring, deadline),
                        findings ->
                                rule(findings, new Circumstances(request, mode, config, known, keyring, deadline))));
    }

    private CompletableFuture<Handled> rule(WorkloadFindings findings, Circumstances at) {
        Ruling ruling = Ruling.of(findings, at.config());
        if (!ruling.refusals().isEmpty()) {
            return Chain.map(everyImage(findings, at), all -> {
                Handled handled = Handled.ruled(ruling, at.mode(), SelectorProposal.find(all, at.known()));
                return verified(handled, findings, at);
            });
        }
        return CompletableFuture.completedFuture(
                verified(Handled.ruled(ruling, at.mode(), Optional.empty()), findings, at));
    }

    /** An update checks only what changed, but a proposed node selector must suit all images. */
    private CompletableFuture<WorkloadFindings> everyImage(WorkloadFindings findings, Circumstances at) {
        Workload workload = findings.workload();
        return findings.findings().size() == workload.images().size()
                ? CompletableFuture.completedFuture(findings)
                : reviewer.review(
                        workload, workload.images(), findings.nodes(), Verification.INDEX, at.keyring(), at.deadline());
    }

    private Handled verified(Handled handled, WorkloadFindings findings, Circumstances at) {
        boolean believed = at.config().verification() == Verification.INDEX
                && findings.nodes().basis() != EligibleNodes.Basis.NONE;
        if (believed && handled.decision() != Decision.DENIED && !at.request().dryRun()) {
            background.start(
                    findings.workload(),
                    findings.findings().stream().map(Finding::use).toList(),
                    findings.nodes(),
                    at.keyring());
        }
        return handled;
    }

    /** What surrounds a ruling. */
    private record Circumstances(
            AdmissionRequest request,
            Mode mode,
            PolicyConfig config,
            Collection<NodeFacts> known,
            Keyring keyring,
            Deadline deadline) {}
}
