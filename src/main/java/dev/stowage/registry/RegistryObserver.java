package dev.stowage.registry;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Is notified of every HTTP request that the registry client makes. Calls come from many threads and must return at once. */
@FunctionalInterface
public interface RegistryObserver {

    /** Takes no notice. */
    RegistryObserver NONE = request -> {};

    /** The kind of request. */
    enum Operation {
        /** A manifest or index. */
        MANIFEST,
        /** The digest of a tag. */
        DIGEST,
        /** A config or other small blob. */
        BLOB,
        /** The list of what refers to a manifest. */
        REFERRERS,
        /** A token at a registry's token service. */
        TOKEN
    }

    /**
     * A request that has ended.
     *
     * @param host the host that was contacted, with port where it is not the usual one; named by users, so of unbounded variety
     * @param operation the kind of request
     * @param failure how it failed; empty when it did not. A 401 that only requests a token counts as UNAUTHORIZED
     * @param duration from sending the request to the last byte of the answer, or to its failure
     * @param remaining how many requests the registry's rate limit still allows, where it says so
     */
    record Request(
            String host,
            Operation operation,
            Optional<RegistryFailure.Kind> failure,
            Duration duration,
            OptionalLong remaining) {
        public Request {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(operation, "operation");
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(duration, "duration");
            Objects.requireNonNull(remaining, "remaining");
        }
    }

    /** A request has ended. */
    void finished(Request request);
}
