package dev.stowage.async;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Steps one after the other that can be cancelled as a whole, which {@link CompletableFuture#thenCompose} does not do: cancelling
 * what these methods return cancels the step that is in progress. Where a step is over already, the next is taken at once, on the
 * calling thread and there is nothing to cancel.
 */
public final class CancellableFutures {

    private CancellableFutures() {}

    /**
     * The first step and then the next.
     *
     * @param next takes the result of the first step; not called when that failed or the whole was cancelled
     */
    public static <A, B> CompletableFuture<B> then(
            CompletableFuture<A> first, Function<? super A, CompletableFuture<B>> next) {
        if (first.isDone() && !first.isCompletedExceptionally()) {
            try {
                return next.apply(first.join());
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        CompletableFuture<B> whole = new CompletableFuture<>();
        propagateCancellation(whole, first);
        first.whenComplete((value, problem) -> {
            if (problem != null) {
                whole.completeExceptionally(problem);
            } else if (!whole.isDone()) {
                continueWith(whole, value, next);
            }
        });
        return whole;
    }

    /** The step, and then this function of its result. */
    public static <A, B> CompletableFuture<B> map(
            CompletableFuture<A> step, Function<? super A, ? extends B> function) {
        return then(step, value -> CompletableFuture.completedFuture(function.apply(value)));
    }

    /** All of these steps; completes when each of them has. */
    public static CompletableFuture<Void> all(Collection<? extends CompletableFuture<?>> steps) {
        CompletableFuture<Void> whole = CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new));
        if (!whole.isDone()) {
            steps.forEach(step -> propagateCancellation(whole, step));
        }
        return whole;
    }

    /** A step that others wait for too: cancelling the chain only stops waiting for it. */
    public static <A> CompletableFuture<A> detached(CompletableFuture<A> step) {
        return step.isDone() ? step : step.copy();
    }

    private static <A, B> void continueWith(
            CompletableFuture<B> whole, A value, Function<? super A, CompletableFuture<B>> next) {
        try {
            CompletableFuture<B> second = next.apply(value);
            propagateCancellation(whole, second);
            second.whenComplete((result, problem) -> {
                if (problem != null) {
                    whole.completeExceptionally(problem);
                } else {
                    whole.complete(result);
                }
            });
        } catch (RuntimeException e) {
            whole.completeExceptionally(e);
        }
    }

    private static void propagateCancellation(CompletableFuture<?> whole, CompletableFuture<?> step) {
        whole.whenComplete((result, problem) -> {
            if (whole.isCancelled()) {
                step.cancel(true);
            }
        });
    }
}
