package dev.stowage.report;

import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.SchedulingRules;
import dev.stowage.policy.Action;
import dev.stowage.policy.ImageDecision;
import dev.stowage.policy.ImageOutcome;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyDecision;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Denied admissions, as the webhook tells of them. */
final class Denials {

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
        ImageDecision refused = new ImageDecision(
                List.of(use),
                new ImageAssessment(image, ImageContents.UNKNOWN, Map.of()),
                ImageOutcome.values()[0],
                Action.DENY,
                Map.of(),
                List.of());
        PolicyDecision policyDecision = new PolicyDecision(
                new WorkloadAssessment(workload, new EligibleNodes(EligibleNodes.Basis.NONE, Map.of()), List.of()),
                Placement.ALL,
                List.of(refused),
                false);
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
}
