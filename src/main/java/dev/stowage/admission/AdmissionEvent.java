package dev.stowage.admission;

import dev.stowage.policy.Mode;
import dev.stowage.policy.PolicyDecision;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The outcome of a review.
 *
 * @param decision the class of the decision
 * @param kind the kind of the object, as the request names it; empty for a request that could not be read
 * @param namespace its namespace
 * @param name its name; empty if the API server has not generated it yet
 * @param user the user who sent the request
 * @param dryRun whether nothing will be persisted: then Stowage writes nothing about it either
 * @param mode the namespace's mode; empty if the request contains nothing to check
 * @param policy the policy's decisions, one for each pod template whose images were checked
 * @param message the text of a denial, the reason for an exemption, or the error in the request; else empty
 * @param duration the time from the arrival of the body to the decision
 * @param optOut the mode that pods chose by an annotation; the weakest if there are several
 */
public record AdmissionEvent(
        Decision decision,
        String kind,
        String namespace,
        String name,
        String user,
        boolean dryRun,
        Optional<Mode> mode,
        List<PolicyDecision> policy,
        String message,
        Duration duration,
        Optional<Mode> optOut) {

    /** The classes of decisions; their labels are stable and used in metrics. */
    public enum Decision {
        /** Admitted; all images run. */
        ALLOWED("allowed"),
        /** Admitted with warnings, or with an annotation in the audit log. */
        WARNED("warned"),
        /** Denied. */
        DENIED("denied"),
        /** Admitted without a check: an exemption, or the mode {@code off}. */
        EXEMPT("exempt"),
        /** Admitted without a check: the request contains no new images. */
        IGNORED("ignored"),
        /** Admitted with a warning, because the object is too large to check or cannot be read. */
        UNCHECKED("unchecked"),
        /** Not a valid AdmissionReview. */
        INVALID("invalid"),
        /** Admitted because of an internal error of Stowage. */
        FAILED("failed");

        private final String label;

        Decision(String label) {
            this.label = label;
        }

        /** The name in metrics and logs. */
        public String label() {
            return label;
        }
    }

    /** An event about pods that follow the mode of their namespace. */
    public AdmissionEvent(
            Decision decision,
            String kind,
            String namespace,
            String name,
            String user,
            boolean dryRun,
            Optional<Mode> mode,
            List<PolicyDecision> policy,
            String message,
            Duration duration) {
        this(decision, kind, namespace, name, user, dryRun, mode, policy, message, duration, Optional.empty());
    }

    public AdmissionEvent {
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(mode, "mode");
        policy = List.copyOf(policy);
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(duration, "duration");
        Objects.requireNonNull(optOut, "optOut");
    }
}
