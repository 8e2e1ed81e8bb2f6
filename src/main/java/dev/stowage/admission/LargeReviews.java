package dev.stowage.admission;

import dev.stowage.async.CancellableFutures;
import dev.stowage.async.DaemonThreads;
import dev.stowage.async.FairQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Evaluates the reviews of large workloads on a few threads of their own, so that no event loop is held, namespaces in turn: a
 * tenant with many of them delays their own namespace.
 */
final class LargeReviews {

    /** Some 1 MB each at most. */
    private static final FairQueue.Limits LIMITS = new FairQueue.Limits(16, 4, 32, 8);

    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final FairQueue queue = new FairQueue(LIMITS);
    private final Executor executor = DaemonThreads.pool("large-review", THREADS, LIMITS.running());

    /** The decision of this evaluation; fails with a RejectedExecutionException if there are too many. */
    <T> CompletableFuture<T> evaluate(ReviewContext review, Function<ReviewContext, CompletableFuture<T>> evaluation) {
        return queue.submit(
                review.request.namespace(),
                () -> CancellableFutures.then(
                        CompletableFuture.supplyAsync(() -> evaluation.apply(review), executor), Function.identity()));
    }
}
