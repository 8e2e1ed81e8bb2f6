package dev.stowage.cluster.secrets;

import java.util.Objects;
import java.util.Optional;

/**
 * What came of reading an object.
 *
 * @param value what it says; nothing when it does not exist or could not be read
 * @param trouble why it could not be read, in one clause for people; empty when it could
 * @param denied whether a permission is missing, rather than that the API server could not answer
 * @param at when it was read, as the ticker counts
 */
record ReadResult<T>(Optional<T> value, Optional<String> trouble, boolean denied, long at) {

    ReadResult {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(trouble, "trouble");
    }

    static <T> ReadResult<T> of(Optional<T> value, long at) {
        return new ReadResult<>(value, Optional.empty(), false, at);
    }

    static <T> ReadResult<T> troubled(String trouble, boolean denied, long at) {
        return new ReadResult<>(Optional.empty(), Optional.of(trouble), denied, at);
    }

    /** Whether the API server may well answer the next time. */
    boolean passing() {
        return trouble.isPresent() && !denied;
    }
}
