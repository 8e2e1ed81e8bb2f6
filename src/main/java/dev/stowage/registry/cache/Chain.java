package dev.stowage.registry.cache;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Steps one after the other that can be called off as a whole, which {@link CompletableFuture#thenCompose} does not do. */
final class Chain {

    private Chain() {}

    /** The first step and then the next; cancelling the result cancels the step that is under way. */
    static <A, B> CompletableFuture<B> then(
            CompletableFuture<A> first, Function<? super A, CompletableFuture<B>> next) {
        CompletableFuture<B> whole = new CompletableFuture<>();
        cancelWith(whole, first);
        first.whenComplete((came, problem) -> {
            if (problem != null) {
                whole.completeExceptionally(problem);
            } else if (!whole.isDone()) {
                follow(whole, came, next);
            }
        });
        return whole;
    }

    private static <A, B> void follow(
            CompletableFuture<B> whole, A came, Function<? super A, CompletableFuture<B>> next) {
        try {
            CompletableFuture<B> second = next.apply(came);
            cancelWith(whole, second);
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

    private static void cancelWith(CompletableFuture<?> whole, CompletableFuture<?> step) {
        whole.whenComplete((result, problem) -> {
            if (whole.isCancelled()) {
                step.cancel(true);
            }
        });
    }
}
