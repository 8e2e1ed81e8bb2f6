package dev.stowage.registry.transport;

import dev.stowage.registry.RegistryFailure;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The result of a request: a complete response of any status, or none. */
public sealed interface ExchangeResult {

    /**
     * A response, its body within bounds.
     *
     * @param from the address that gave it, after redirects
     * @param body the body; of an error at most its beginning
     */
    record Response(URI from, int status, HttpHeaders headers, ResponseBody body) implements ExchangeResult {
        public Response {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(headers, "headers");
            Objects.requireNonNull(body, "body");
        }

        public Optional<String> header(String name) {
            return headers.firstValue(name);
        }
    }

    /**
     * No response, or one that must not be used.
     *
     * @param reason one clause, with the fix where there is one
     * @param retry whether a retry may help
     * @param blamesHost whether this says something about the host's health
     * @param retryAfter how long to wait before the next request
     */
    record Failure(
            RegistryFailure.Kind kind, String reason, boolean retry, boolean blamesHost, Optional<Duration> retryAfter)
            implements ExchangeResult {
        public Failure {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(retryAfter, "retryAfter");
        }

        /** The host failed, and a retry would fail too. */
        public static Failure permanent(RegistryFailure.Kind kind, String reason) {
            return new Failure(kind, reason, false, true, Optional.empty());
        }

        /** The host failed, and a retry may succeed. */
        public static Failure retryable(RegistryFailure.Kind kind, String reason) {
            return new Failure(kind, reason, true, true, Optional.empty());
        }

        /** A decision of Stowage, which is no sign of the health of the host. */
        public static Failure policy(RegistryFailure.Kind kind, String reason) {
            return new Failure(kind, reason, false, false, Optional.empty());
        }

        /** The call has ended. */
        public static Failure expired() {
            return policy(RegistryFailure.Kind.TIMEOUT, "no time was left for a request");
        }
    }
}
