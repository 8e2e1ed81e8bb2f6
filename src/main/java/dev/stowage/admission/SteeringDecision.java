package dev.stowage.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.stowage.message.WarningMessages;
import dev.stowage.steering.SteeringPlan;
import java.util.List;
import java.util.Optional;

/**
 * What is answered to the mutating webhook. It admits always: to deny is for the validating one.
 *
 * @param plan what was decided
 * @param patch the JSON patch; empty if the pod stays as it is
 * @param warnings the warnings for the requester
 */
record SteeringDecision(SteeringPlan plan, Optional<ArrayNode> patch, List<String> warnings) {

    static final SteeringDecision OUT_OF_SCOPE =
            left(new SteeringPlan.Left(SteeringPlan.Cause.OUT_OF_SCOPE, ""), List.of());

    static final SteeringDecision FAILED = left(new SteeringPlan.Left(SteeringPlan.Cause.FAILED, ""), List.of());

    SteeringDecision {
        warnings = WarningMessages.bounded(warnings);
    }

    static SteeringDecision left(SteeringPlan plan, List<String> warnings) {
        return new SteeringDecision(plan, Optional.empty(), warnings);
    }
}
