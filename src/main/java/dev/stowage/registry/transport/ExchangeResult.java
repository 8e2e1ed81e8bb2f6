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

        /** Whether it was sent in another form than the one requested, and has been decoded. */
        public boolean wasEncoded() {
            return ContentEncoding.isEncoded(headers);
        }
    }

    /** The part that a failure is about. */
    enum Blame {
        /** About neither. */
        NONE,
        /** About one repository. Its owner decides what is there, and other repositories of the host are not affected. */
        REPOSITORY,
        /** About the host: there was no connection to it. */
        HOST
    }

    /**
     * No response, or one that must not be used.
     *
     * @param reason one clause, with the fix where there is one
     * @param retry whether a retry may help
     * @param blame the part at fault
     * @param retryAfter how long to wait before the next request
     */
    record Failure(RegistryFailure.Kind kind, String reason, boolean retry, Blame blame, Optional<Duration> retryAfter)
            implements ExchangeResult {
        public Failure {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(blame, "blame");
            Objects.requireNonNull(retryAfter, "retryAfter");
        }

        /** The request failed, and a retry would fail too. */
        public static Failure permanent(RegistryFailure.Kind kind, String reason) {
            return new Failure(kind, reason, false, Blame.REPOSITORY, Optional.empty());
        }

        /** The request failed, and a retry may succeed. */
        public static Failure retryable(RegistryFailure.Kind kind, String reason) {
            return new Failure(kind, reason, true, Blame.REPOSITORY, Optional.empty());
        }

        /** The same failure with another blame, unless it has none. */
        public Failure withBlame(Blame blame) {
            return new Failure(kind, reason, retry, this.blame == Blame.NONE ? Blame.NONE : blame, retryAfter);
        }

        /** A decision of Stowage, which does not say anything about the health of the host. */
        public static Failure policy(RegistryFailure.Kind kind, String reason) {
            return new Failure(kind, reason, false, Blame.NONE, Optional.empty());
        }

        /** The call has ended. */
        public static Failure expired() {
            return policy(RegistryFailure.Kind.TIMEOUT, "no time was left for a request");
        }
    }
}
