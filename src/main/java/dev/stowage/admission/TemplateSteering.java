package dev.stowage.admission;

import dev.stowage.assessment.ImageFinding;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.async.CancellableFutures;
import dev.stowage.message.WarningMessages;
import dev.stowage.node.EligibleNodes;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PlacementRule;
import dev.stowage.steering.Bypass;
import dev.stowage.steering.SteeringMode;
import dev.stowage.steering.SteeringPlan.Steered;
import dev.stowage.steering.SteeringPlanner;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Holds a template to one node that runs all images, where its pods will be steered to such nodes: a denial would demand what steering
 * does.
 */
final class TemplateSteering {

    /** Assesses images for a review. */
    @FunctionalInterface
    interface Assessing {
        CompletableFuture<WorkloadAssessment> assess(
                ReviewContext review, List<ImageUse> images, EligibleNodes nodes, Verification verification);
    }

    private final SteeringPlanner planner;
    private final NamespaceModes modes;
    private final Assessing assessing;

    TemplateSteering(SteeringPlanner planner, NamespaceModes modes, Assessing assessing) {
        this.planner = planner;
        this.modes = modes;
        this.assessing = assessing;
    }

    /**
     * The assessment to decide by.
     *
     * @param assessment the assessment of the images to check, on the eligible nodes
     */
    CompletableFuture<WorkloadAssessment> apply(ReviewContext review, WorkloadAssessment assessment) {
        if (!isHeldToAll(review) || !isSteered(review)) {
            return CompletableFuture.completedFuture(assessment);
        }
        Workload workload = review.workload;
        List<ImageUse> images = workload.images().stream()
                .filter(use -> !review.policy.exemptions().includesImage(use.image()))
                .toList();
        EligibleNodes candidates = planner.candidates(workload.scheduling(), review.knownNodes);
        CompletableFuture<WorkloadAssessment> complete =
                candidates == review.eligibleNodes && images.size() == review.images.size()
                        ? CompletableFuture.completedFuture(assessment)
                        : assessing.assess(review, images, candidates, review.policy.verification());
        return CancellableFutures.map(
                complete,
                all -> planner.plan(all, review.knownNodes) instanceof Steered plan
                        ? steered(review, all, plan)
                        : assessment);
    }

    private static boolean isHeldToAll(ReviewContext review) {
        return review.workload.template()
                && review.policy.placement() == Placement.ALL
                && PlacementRule.of(review.workload) == PlacementRule.CONFIGURED
                && !Bypass.applies(review.workload, Optional.empty());
    }

    private boolean isSteered(ReviewContext review) {
        return planner.mode().appliesTo(modes.steeringOf(review.request.namespace()));
    }

    /** Warns about a label that is not valid; of pods the mutating webhook does it. */
    void checkLabel(ReviewContext review) {
        String namespace = review.request.namespace();
        if (planner.mode() != SteeringMode.OFF && !review.request.kind().equals("Pod")) {
            modes.steeringOf(namespace)
                    .filter(value -> !SteeringMode.isValid(value))
                    .ifPresent(value -> review.warnAboutNamespace(WarningMessages.ofWrongSteering(
                            namespace, SteeringMode.LABEL, value, SteeringMode.allowedValues())));
        }
    }

    private static WorkloadAssessment steered(ReviewContext review, WorkloadAssessment all, Steered plan) {
        if (!plan.keptOff().isEmpty()) {
            review.warn(WarningMessages.ofKeptOff(review.workload, plan.keptOff()));
        }
        review.steered = true;
        Set<ImageUse> checked = new HashSet<>(review.images);
        List<ImageFinding> findings = all.findings().stream()
                .filter(finding -> checked.contains(finding.use()))
                .toList();
        return new WorkloadAssessment(all.workload(), plan.nodes(), findings);
    }
}
