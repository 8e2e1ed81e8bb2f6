package dev.stowage.registry.cache;

import dev.stowage.async.Deadline;
import dev.stowage.registry.RegistryResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A load on behalf of one caller. Of several with the same key, only the first is started.
 *
 * @param <T> what is requested
 */
interface Load<T> {

    /** Loads with the same key share one request. */
    CacheKey key();

    /**
     * Checks the cache once more, and sends the request if the answer is not there. The result is in the cache when the future
     * completes; cancelling the future cancels the request.
     *
     * @param deadline the deadline of the request; not before the caller's own
     */
    CompletableFuture<RegistryResult<T>> start(Deadline deadline);

    /** The result for a caller whose deadline passes first. */
    RegistryResult<T> deadlineExceeded();

    /**
     * The deadline of the last caller passed first, and the request was cancelled.
     *
     * @param granted the time that the registry had to respond
     */
    void abandoned(Duration granted);
}
