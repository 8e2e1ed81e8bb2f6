package dev.stowage.policy;

import dev.stowage.verdict.Assessor.Verification;
import java.time.Duration;
import java.util.Objects;

/**
 * What is decided about what was found.
 *
 * @param mode the mode of namespaces that choose none
 * @param placement how many of the eligible nodes have to run a workload's images
 * @param ownedPods the same for pods (and other objects) that a controller made: by default any node will do, so that a drain does
 *     not turn a running workload into an outage
 * @param onUnresolved what to do about an image that could not be examined
 * @param onNotFound what to do about a tag or repository that does not exist; it may be pushed later
 * @param verification how much is checked before the answer is given
 * @param admissionDeadline within which an answer is given, whatever registries do
 * @param exemptions what is never checked
 */
public record PolicyConfig(
        Mode mode,
        Placement placement,
        Placement ownedPods,
        Action onUnresolved,
        Action onNotFound,
        Verification verification,
        Duration admissionDeadline,
        Exemptions exemptions) {

    /** What holds where nothing is configured. */
    public static final PolicyConfig DEFAULT = new PolicyConfig(
            Mode.ENFORCE,
            Placement.ALL,
            Placement.ANY,
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
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(exemptions, "exemptions");
        if (admissionDeadline.isNegative() || admissionDeadline.isZero()) {
            throw new IllegalArgumentException("admissionDeadline must be longer than zero");
        }
    }

    /** How many of its eligible nodes have to run a workload. */
    Placement placementOf(boolean owned) {
        return owned ? ownedPods : placement;
    }
}
