package dev.stowage.admission;

import dev.stowage.steering.SteeringPlan;
import dev.stowage.workload.ControllingOwner;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The outcome of a review of a pod that may be steered.
 *
 * @param plan what was decided
 * @param patched whether the pod was changed; else it was as it should be already
 * @param namespace its namespace
 * @param pod its name; empty if the API server has not generated it yet
 * @param owner its controlling owner, if a controller names one
 * @param dryRun whether nothing will be persisted
 * @param duration the time from the arrival of the body to the decision
 */
public record SteeringEvent(
        SteeringPlan plan,
        boolean patched,
        String namespace,
        String pod,
        Optional<ControllingOwner> owner,
        boolean dryRun,
        Duration duration) {

    public SteeringEvent {
        Objects.requireNonNull(plan, "plan");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(pod, "pod");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(duration, "duration");
    }

    /** Is notified of every such review. Called on the thread that responds, so it must not block. */
    @FunctionalInterface
    public interface Observer {

        /** Does nothing. */
        Observer NONE = event -> {};

        /** A decision was made. Exceptions are logged and have no effect on the response. */
        void steered(SteeringEvent event);
    }
}
