package dev.stowage.async;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Chains of futures that can be cancelled as a whole, unlike those of {@link CompletableFuture#thenCompose}: cancelling the returned
 * future cancels the step in progress. After a step that is already complete, the next one runs at once on the calling thread.
 */
public final class CancellableFutures {

    private CancellableFutures() {}

    /**
     * The first step and then the next.
     *
     * @param next given the result of the first step; not called if that failed, or if the whole was cancelled
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

    /** The step and then a function of its result. */
    public static <A, B> CompletableFuture<B> map(
            CompletableFuture<A> step, Function<? super A, ? extends B> function) {
        return then(step, value -> CompletableFuture.completedFuture(function.apply(value)));
    }

    /**
     * The step and then a function of its result or its failure.
     *
     * @param function given the result, or null and the failure; not called if the whole was cancelled before
     */
    public static <A, B> CompletableFuture<B> handle(
            CompletableFuture<A> step, BiFunction<? super A, Throwable, ? extends B> function) {
        CompletableFuture<B> whole = new CompletableFuture<>();
        if (!step.isDone()) {
            propagateCancellation(whole, step);
        }
        step.whenComplete((result, failure) -> {
            if (whole.isDone()) {
                return;
            }
            try {
                whole.complete(function.apply(result, failure));
            } catch (RuntimeException e) {
                whole.completeExceptionally(e);
            }
        });
        return whole;
    }

    /** All of these steps; completes when all of them have. */
    public static CompletableFuture<Void> all(Collection<? extends CompletableFuture<?>> steps) {
        CompletableFuture<Void> whole = CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new));
        if (!whole.isDone()) {
            steps.forEach(step -> propagateCancellation(whole, step));
        }
        return whole;
    }

    /** A step that other chains wait for too: cancelling this chain does not cancel it. */
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
