package dev.stowage.registry.resilience;

import dev.stowage.async.CallContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Bounds how many requests one host has at a time; the others wait in line without holding a thread. */
public final class ConcurrencyLimiter {

    private final int limit;
    private final Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
    private int inside;

    public ConcurrencyLimiter(int limit) {
        this.limit = limit;
    }

    /**
     * Starts the request as soon as there is room.
     *
     * @param context the call that the request belongs to; when it ends first, the request is not started
     * @param request starts the request
     * @param expired what to answer when the call ended first
     */
    public <T> CompletableFuture<T> pass(
            CallContext context, Supplier<CompletableFuture<T>> request, Supplier<T> expired) {
        CompletableFuture<Boolean> turn = new CompletableFuture<>();
        synchronized (this) {
            if (inside < limit) {
                inside++;
                turn.complete(true);
            } else {
                waiting.add(turn);
            }
        }
        if (!turn.isDone()) {
            Runnable leave = () -> turn.complete(false);
            context.onEnd(leave);
            turn.whenComplete((came, error) -> context.forget(leave));
        }
        return turn.thenCompose(came -> came ? run(request) : leave(turn, expired));
    }

    private <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> request) {
        CompletableFuture<T> result;
        try {
            result = request.get();
        } catch (RuntimeException e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.whenComplete((done, error) -> next());
    }

    private <T> CompletableFuture<T> leave(CompletableFuture<Boolean> turn, Supplier<T> expired) {
        synchronized (this) {
            waiting.remove(turn);
        }
        return CompletableFuture.completedFuture(expired.get());
    }

    private void next() {
        while (true) {
            CompletableFuture<Boolean> turn;
            synchronized (this) {
                turn = waiting.poll();
                if (turn == null) {
                    inside--;
                    return;
                }
            }
            if (turn.complete(true)) {
                return;
            }
        }
    }

    /** How many requests are in progress. */
    synchronized int inside() {
        return inside;
    }

    /** How many wait for their turn. */
    synchronized int waiting() {
        return waiting.size();
    }
}
