package dev.stowage.report;

import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.policy.Action;
import dev.stowage.policy.ImageDecision;
import dev.stowage.policy.ImageOutcome;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyDecision;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Denied admissions, as the webhook tells of them. */
final class Denials {

    /** Why all of them were denied. */
    static final String WHY =
            "cannot run on 1 of 3 eligible nodes (linux/arm64): the image index contains linux/amd64 only";

    private static final NodeProfile ARM64 = NodeProfile.of(Platform.of("linux", "arm64"));

    private Denials() {}

    static AdmissionEvent of(String namespace, String kind, String name, String image) {
        return of(namespace, kind, name, image, false);
    }

    static AdmissionEvent of(String namespace, String kind, String name, String image, boolean dryRun) {
        ImageUse use = new ImageUse(ImageUse.Role.MAIN, "app", image, false);
        Workload workload = new Workload(
                kind,
                namespace,
                name,
                List.of(use),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                false,
                false,
                false);
        Map<NodeProfile, Verdict> verdicts =
                Map.of(ARM64, new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "contains linux/amd64 only"));
        ImageDecision refused = new ImageDecision(
                List.of(use),
                new ImageAssessment(image, ImageContents.UNKNOWN, verdicts),
                ImageOutcome.DOES_NOT_RUN,
                Action.DENY,
                verdicts,
                List.of());
        EligibleNodes nodes = new EligibleNodes(
                EligibleNodes.Basis.NODES,
                Map.of(
                        ARM64,
                        List.of(node("arm-1")),
                        NodeProfile.of(Platform.of("linux", "amd64")),
                        List.of(node("amd-1"), node("amd-2"))));
        PolicyDecision policyDecision = new PolicyDecision(
                new WorkloadAssessment(workload, nodes, List.of()), Placement.ALL, List.of(refused), false);
        return new AdmissionEvent(
                Decision.DENIED,
                kind,
                namespace,
                name,
                "someone",
                dryRun,
                Optional.empty(),
                List.of(policyDecision),
                "denied",
                Duration.ofMillis(1));
    }

    private static NodeFacts node(String name) {
        return new NodeFacts(name, false, Optional.empty(), Map.of(), List.of());
    }
}
