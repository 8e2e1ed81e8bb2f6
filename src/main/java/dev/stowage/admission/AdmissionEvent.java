package dev.stowage.admission;

import dev.stowage.policy.Mode;
import dev.stowage.policy.PolicyDecision;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The outcome of a review.
 *
 * @param decision the answer's class
 * @param kind the kind of the object, as the request names it; empty for a request that could not be read
 * @param namespace its namespace
 * @param name its name; empty where the API server is yet to make one
 * @param user the user who sent the request
 * @param dryRun whether nothing will be kept: then nothing may be written about it either
 * @param mode the namespace's mode, where it was looked up
 * @param policy what was ruled, where images were checked
 * @param message the text of a denial, the reason of an exemption, or what was wrong with the request; else empty
 * @param duration from the arrival of the body until the answer stood
 */
public record AdmissionEvent(
        Decision decision,
        String kind,
        String namespace,
        String name,
        String user,
        boolean dryRun,
        Optional<Mode> mode,
        Optional<PolicyDecision> policy,
        String message,
        Duration duration) {

    /** The classes of answers; the labels are stable and stand in metrics. */
    public enum Decision {
        /** Admitted; all images run. */
        ALLOWED("allowed"),
        /** Admitted with warnings, or with a note in the audit log. */
        WARNED("warned"),
        /** Refused. */
        DENIED("denied"),
        /** Admitted unchecked: an exemption, or the mode {@code off}. */
        EXEMPT("exempt"),
        /** Admitted unchecked: nothing that brings images. */
        IGNORED("ignored"),
        /** Not an AdmissionReview that can be answered. */
        INVALID("invalid"),
        /** Admitted because Stowage itself failed; never expected. */
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

    public AdmissionEvent {
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(policy, "ruling");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(duration, "took");
    }
}
