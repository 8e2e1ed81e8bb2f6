package dev.stowage.registry;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The result of a request: a complete response of any status, or none. */
sealed interface Result {

    /**
     * An answer, its body within bounds.
     *
     * @param from the address that gave it, after redirects
     * @param body the body; of an error at most its beginning
     */
    record Reply(URI from, int status, HttpHeaders headers, Body body) implements Result {
        public Reply {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(headers, "headers");
            Objects.requireNonNull(body, "body");
        }

        Optional<String> header(String name) {
            return headers.firstValue(name);
        }
    }

    /**
     * No answer, or none that may be used.
     *
     * @param reason one clause, with the fix where there is one
     * @param again whether a retry may help
     * @param blamed whether this says something about the host's health
     * @param retryAfter how long not to ask again
     */
    record Broken(
            RegistryFailure.Kind kind, String reason, boolean again, boolean blamed, Optional<Duration> retryAfter)
            implements Result {
        public Broken {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(retryAfter, "retryAfter");
        }

        /** The host failed and will fail again if asked at once. */
        static Broken lasting(RegistryFailure.Kind kind, String reason) {
            return new Broken(kind, reason, false, true, Optional.empty());
        }

        /** The host failed and may do better when asked again. */
        static Broken passing(RegistryFailure.Kind kind, String reason) {
            return new Broken(kind, reason, true, true, Optional.empty());
        }

        /** Stowage's own doing, which says nothing about the host. */
        static Broken ours(RegistryFailure.Kind kind, String reason) {
            return new Broken(kind, reason, false, false, Optional.empty());
        }

        /** The call is over, so nothing waits for an answer. */
        static Broken over() {
            return ours(RegistryFailure.Kind.TIMEOUT, "no time was left for a request");
        }
    }
}
