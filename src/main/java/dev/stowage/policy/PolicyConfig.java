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

    /** The placement of a workload; {@link PlacementRule} says why. */
    public Placement placementOf(Workload workload) {
        return switch (PlacementRule.of(workload)) {
            case PLACED_LATER -> Placement.ANY;
            case DAEMON_SET -> Placement.ALL;
            case OWNED, UNCHECKED_OWNER -> ownedPods;
            case CONFIGURED -> placement;
        };
    }
}
