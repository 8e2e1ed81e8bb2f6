package dev.stowage.registry.cache;

import dev.stowage.async.Deadline;
import dev.stowage.registry.RegistryResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A question that takes a request, on behalf of one caller. Of equal ones, only the first is started.
 *
 * @param <T> what is requested
 */
interface Load<T> {

    /** What makes two errands equal. */
    CacheKey key();

    /**
     * Looks once more whether the answer is there by now, and requests it if it is not. What came of it has been remembered when
     * the future completes; cancelling the future calls the request off.
     *
     * @param deadline how long the request may take; not before the caller's own
     */
    CompletableFuture<RegistryResult<T>> start(Deadline deadline);

    /** What a caller gets whose deadline comes before the answer. */
    RegistryResult<T> late();

    /**
     * The deadline of the last caller came before the answer, and the request was called off.
     *
     * @param granted how long the registry has been given
     */
    void abandoned(Duration granted);
}
