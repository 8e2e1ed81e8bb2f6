package dev.stowage.registry;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a registry's content could not be had.
 *
 * @param kind the class of the failure
 * @param host the host that was contacted, with port; the name of the registry where none was reached
 * @param subject the requested object: {@code repository:tag}, {@code repository@digest} or "a token for repository"
 * @param reason one clause for people that says why and, where it can be fixed, how; never a registry's own body
 * @param retryAfter how long the registry requested a pause, when it did
 */
public record RegistryFailure(Kind kind, String host, String subject, String reason, Optional<Duration> retryAfter) {

    /** The classes of failure; each is final for the answer at hand, after whatever retries the client makes. */
    public enum Kind {
        /** The registry says that the tag, digest or repository does not exist. */
        NOT_FOUND("NotFound", false),
        /** Credentials are missing or refused, or the repository does not exist and the registry does not disclose that. */
        UNAUTHORIZED("Unauthorized", true),
        /** The credentials do not grant reading. */
        FORBIDDEN("Forbidden", true),
        /** 429: too many requests. */
        RATE_LIMITED("RateLimited", true),
        /** No connection, a lost one, a truncated body, or a 5xx. */
        UNAVAILABLE("Unavailable", true),
        /** No complete answer within the deadline. */
        TIMEOUT("Timeout", true),
        /** The response is not the requested content: wrong digest, size, type, or not readable. */
        INVALID("Invalid", false),
        /** Larger than a node would accept. */
        TOO_LARGE("TooLarge", false),
        /** A chart, signature or other artifact. */
        NOT_AN_IMAGE("NotAnImage", false),
        /** Stowage itself refuses the request: a blocked registry or address. */
        REFUSED("Refused", true);

        private final String label;
        private final boolean undetermined;

        Kind(String label, boolean undetermined) {
            this.label = label;
            this.undetermined = undetermined;
        }

        /** The name in messages, JSON and metrics. */
        public String label() {
            return label;
        }

        /** Whether this leaves open if a node could run the image; the other kinds say that it cannot. */
        public boolean undetermined() {
            return undetermined;
        }
    }

    public RegistryFailure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(retryAfter, "retryAfter");
    }

    /** A failure without a time to come back. */
    public static RegistryFailure of(Kind kind, String host, String subject, String reason) {
        return new RegistryFailure(kind, host, subject, reason, Optional.empty());
    }
}
