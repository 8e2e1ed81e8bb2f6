package dev.stowage.admission;

import dev.stowage.policy.Action;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyConfig;
import java.util.List;
import java.util.Objects;

/**
 * An image that is in use, as its report describes it.
 *
 * @param image the image
 * @param finding what is known of it
 * @param sentence the finding in one clause: {@code does not run on linux/arm64: contains linux/amd64 only}
 * @param workloads those that use it and did not opt out, {@code Deployment/web}, as far as the report lists them
 * @param everywhere whether one of them needs each node, as a DaemonSet does
 * @param somewhere whether nodes of some platform run it
 */
public record ReportedImage(
        String image, Finding finding, String sentence, List<String> workloads, boolean everywhere, boolean somewhere) {

    /** What a report found. */
    public enum Finding {
        /** Every node runs it. */
        RUNS,
        /** Some node does not run it. */
        DOES_NOT_RUN,
        /** It does not exist. */
        NOT_FOUND,
        /** It depends on something unseen of the node whether it runs. */
        UNCERTAIN,
        /** Only pods that opted out use it. */
        OPTED_OUT,
        /** It could not be read. */
        UNRESOLVED,
        /** It was not checked, or too long ago. */
        UNKNOWN
    }

    public ReportedImage {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(finding, "finding");
        Objects.requireNonNull(sentence, "sentence");
        workloads = List.copyOf(workloads);
    }

    /** Whether a new workload with this image would be denied. */
    boolean isDeniedBy(PolicyConfig policy) {
        if (policy.exemptions().includesImage(image)) {
            return false;
        }
        return switch (finding) {
            case RUNS, OPTED_OUT, UNKNOWN -> false;
            case DOES_NOT_RUN -> policy.placement() == Placement.ALL || everywhere || !somewhere;
            case NOT_FOUND -> policy.onNotFound() == Action.DENY;
            case UNCERTAIN -> policy.onUncertain() == Action.DENY;
            case UNRESOLVED -> policy.onUnresolved() == Action.DENY;
        };
    }
}
