package dev.stowage.registry.cache;

import dev.stowage.registry.Answer;
import dev.stowage.registry.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A question that takes a request, on behalf of one caller. Of equal ones, only the first is started.
 *
 * @param <T> what is requested
 */
interface Errand<T> {

    /** What makes two errands equal. */
    Key key();

    /**
     * Looks once more whether the answer is there by now, and requests it if it is not. What came of it has been remembered when
     * the future completes; cancelling the future calls the request off.
     *
     * @param deadline how long the request may take; not before the caller's own
     */
    CompletableFuture<Answer<T>> start(Deadline deadline);

    /** What a caller gets whose deadline comes before the answer. */
    Answer<T> late();

    /**
     * The deadline of the last caller came before the answer, and the request was called off.
     *
     * @param granted how long the registry has been given
     */
    void abandoned(Duration granted);
}
