package dev.stowage.report;

import dev.stowage.admission.AdmissionOutcome;
import dev.stowage.admission.AdmissionOutcome.Decision;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.SchedulingRules;
import dev.stowage.policy.Action;
import dev.stowage.policy.Judgement;
import dev.stowage.policy.Outcome;
import dev.stowage.policy.Placement;
import dev.stowage.policy.Ruling;
import dev.stowage.review.WorkloadFindings;
import dev.stowage.verdict.Assessment;
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

    static AdmissionOutcome of(String namespace, String kind, String name, String image) {
        return of(namespace, kind, name, image, false);
    }

    static AdmissionOutcome of(String namespace, String kind, String name, String image, boolean dryRun) {
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
        Judgement refused = new Judgement(
                List.of(use),
                new Assessment(image, ImageContents.UNKNOWN, Map.of()),
                Outcome.values()[0],
                Action.DENY,
                Map.of(),
                List.of());
        Ruling ruling = new Ruling(
                new WorkloadFindings(workload, new EligibleNodes(EligibleNodes.Basis.NONE, Map.of()), List.of()),
                Placement.ALL,
                List.of(refused),
                false);
        return new AdmissionOutcome(
                Decision.DENIED,
                kind,
                namespace,
                name,
                "someone",
                dryRun,
                Optional.empty(),
                Optional.of(ruling),
                "denied",
                Duration.ofMillis(1));
    }
}
