package dev.stowage.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.admission.AdmissionRequest.Operation;
import dev.stowage.async.CancellableFutures;
import dev.stowage.message.WarningMessages;
import dev.stowage.steering.Bypass;
import dev.stowage.steering.SteeringMode;
import dev.stowage.steering.SteeringPatch;
import dev.stowage.steering.SteeringPlan;
import dev.stowage.steering.SteeringPlan.Cause;
import dev.stowage.steering.SteeringPlan.Left;
import dev.stowage.steering.SteeringPlan.Steered;
import dev.stowage.steering.SteeringPlanner;
import dev.stowage.workload.WorkloadReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Evaluates the review of a pod that is being created, before it is validated: the same steps, and then a patch instead of a verdict. */
final class SteeringEvaluator {

    private final AdmissionEvaluator evaluator;
    private final SteeringPlanner planner;
    private final NamespaceModes modes;

    SteeringEvaluator(AdmissionEvaluator evaluator, SteeringPlanner planner, NamespaceModes modes) {
        this.evaluator = evaluator;
        this.planner = planner;
        this.modes = modes;
    }

    /** The decision; complete unless credentials or images have to be read. Cancelling it cancels what is read for this review alone. */
    CompletableFuture<SteeringDecision> evaluate(ReviewContext review) {
        AdmissionRequest request = review.request;
        boolean podIsCreated = request.operation() == Operation.CREATE
                && request.kind().equals("Pod")
                && request.subResource().isEmpty()
                && request.object().isPresent();
        if (!podIsCreated || planner.mode() == SteeringMode.OFF) {
            return CompletableFuture.completedFuture(SteeringDecision.OUT_OF_SCOPE);
        }
        List<String> warnings = new ArrayList<>();
        JsonNode pod = request.object().get();
        boolean inScope = isOn(request.namespace(), warnings)
                && evaluator.prepare(review)
                && !Bypass.applies(review.workload, WorkloadReader.controllingOwner(pod));
        if (!inScope) {
            return CompletableFuture.completedFuture(
                    SteeringDecision.left(SteeringDecision.OUT_OF_SCOPE.plan(), warnings));
        }
        review.eligibleNodes = planner.candidates(review.workload.scheduling(), review.knownNodes);
        return CancellableFutures.map(
                evaluator.assessImages(review),
                assessment -> decision(planner.plan(assessment, review.knownNodes), pod, warnings));
    }

    private boolean isOn(String namespace, List<String> warnings) {
        Optional<String> label = modes.steeringOf(namespace);
        label.filter(value -> !SteeringMode.isValid(value))
                .ifPresent(value -> warnings.add(WarningMessages.ofWrongSteering(
                        namespace, SteeringMode.LABEL, value, SteeringMode.allowedValues())));
        return planner.mode().appliesTo(label);
    }

    private static SteeringDecision decision(SteeringPlan plan, JsonNode pod, List<String> warnings) {
        if (plan instanceof Steered steered) {
            return new SteeringDecision(plan, SteeringPatch.of(pod, steered), warnings);
        }
        if (plan instanceof Left left && left.cause() == Cause.UNDETERMINED) {
            warnings.add(WarningMessages.ofUnsteered(left.detail()));
        } else if (plan instanceof Left left && left.cause() == Cause.INDISTINGUISHABLE) {
            warnings.add(WarningMessages.ofIndistinguishable(left.detail()));
        }
        return SteeringDecision.left(plan, warnings);
    }
}
