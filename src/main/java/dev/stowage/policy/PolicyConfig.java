package dev.stowage.policy;

import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.Workload;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.Objects;

/**
 * The configured policy.
 *
 * @param mode the mode of namespaces without a mode label
 * @param placement how many of the eligible nodes must run a workload's images
 * @param ownedPods the same for pods and other objects with a controlling owner: by default one node is enough, so that a drain does
 *     not become an outage
 * @param onUnresolved the action for an image that could not be checked
 * @param onNotFound the action for a tag or repository that does not exist; it may be pushed later
 * @param onUncertain the action for an image of which it depends on something unseen of the node whether it runs
 * @param verification how much is read of an image before the response
 * @param admissionDeadline the time within which the webhook responds, whatever registries do
 * @param exemptions the exemptions from the check
 */
@RecordBuilder
public record PolicyConfig(
        Mode mode,
        Placement placement,
        Placement ownedPods,
        Action onUnresolved,
        Action onNotFound,
        Action onUncertain,
        Verification verification,
        Duration admissionDeadline,
        Exemptions exemptions)
        implements PolicyConfigBuilder.With {

    /** The defaults. */
    public static final PolicyConfig DEFAULT = new PolicyConfig(
            Mode.ENFORCE,
            Placement.ALL,
            Placement.ANY,
            Action.WARN,
            Action.WARN,
            Action.WARN,
            Verification.INDEX,
            Duration.ofSeconds(5),
            Exemptions.NONE);

    public PolicyConfig {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(placement, "placement");
        Objects.requireNonNull(ownedPods, "ownedPods");
        Objects.requireNonNull(onUnresolved, "onUnresolved");
        Objects.requireNonNull(onNotFound, "onNotFound");
        Objects.requireNonNull(onUncertain, "onUncertain");
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(exemptions, "exemptions");
        if (admissionDeadline.isNegative() || admissionDeadline.isZero()) {
            throw new IllegalArgumentException("admissionDeadline must be longer than zero");
        }
    }

    /**
     * The placement of a workload. Where something else decides later on which nodes its pods run, one node is enough. A DaemonSet has a
     * pod on every eligible node, whatever is configured. Pods of an owner whose images are not checked are held to the placement of owned
     * pods too: denying them one by one would only show that their owner could not be checked.
     */
    Placement placementOf(Workload workload) {
        if (workload.placedLater()) {
            return Placement.ANY;
        }
        if (workload.scheduling().daemonSet()) {
            return Placement.ALL;
        }
        return workload.owned() || workload.uncheckedOwner().isPresent() ? ownedPods : placement;
    }
}
