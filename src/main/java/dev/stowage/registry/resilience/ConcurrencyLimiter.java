package dev.stowage.registry.resilience;

import dev.stowage.async.CallContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Bounds how many requests are in flight; the others wait in a queue without holding a thread. */
public final class ConcurrencyLimiter {

    private final int limit;

    /** Completed with true when there is room, with false when the caller waits no longer. */
    private final Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();

    private int inFlight;

    public ConcurrencyLimiter(int limit) {
        this.limit = limit;
    }

    /**
     * Starts the request as soon as there is room.
     *
     * @param request starts the request
     */
    public <T> CompletableFuture<T> execute(Supplier<CompletableFuture<T>> request) {
        return acquire().thenCompose(acquired -> run(request));
    }

    /**
     * The same, unless the call ends first.
     *
     * @param context the call that the request belongs to; when it ends first, the request is not started
     * @param request starts the request
     * @param expired the result when the call ended first
     */
    public <T> CompletableFuture<T> execute(
            CallContext context, Supplier<CompletableFuture<T>> request, Supplier<T> expired) {
        CompletableFuture<Boolean> permit = acquire();
        if (!permit.isDone()) {
            Runnable cancel = () -> permit.complete(false);
            context.onEnd(cancel);
            permit.whenComplete((acquired, error) -> context.forget(cancel));
        }
        return permit.thenCompose(acquired -> acquired ? run(request) : cancelled(permit, expired));
    }

    private synchronized CompletableFuture<Boolean> acquire() {
        CompletableFuture<Boolean> permit = new CompletableFuture<>();
        if (inFlight < limit) {
            inFlight++;
            permit.complete(true);
        } else {
            waiting.add(permit);
        }
        return permit;
    }

    private <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> request) {
        CompletableFuture<T> result;
        try {
            result = request.get();
        } catch (RuntimeException e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.whenComplete((done, error) -> release());
    }

    private <T> CompletableFuture<T> cancelled(CompletableFuture<Boolean> permit, Supplier<T> expired) {
        synchronized (this) {
            waiting.remove(permit);
        }
        return CompletableFuture.completedFuture(expired.get());
    }

    private void release() {
        while (true) {
            CompletableFuture<Boolean> next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    inFlight--;
                    return;
                }
            }
            if (next.complete(true)) {
                return;
            }
        }
    }

    /** How many requests are in flight. */
    synchronized int inFlight() {
        return inFlight;
    }

    /** How many wait in the queue. */
    synchronized int waiting() {
        return waiting.size();
    }
}
