package dev.stowage.registry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Bounds how many requests one host has at a time; the others wait in line without holding a thread. */
final class HostGate {

    private final int limit;
    private final Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
    private int inside;

    HostGate(int limit) {
        this.limit = limit;
    }

    /** Starts the request as soon as there is room, or gives up when the errand ends before. */
    CompletableFuture<Result> pass(Errand errand, Supplier<CompletableFuture<Result>> request) {
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
            errand.onEnd(leave);
            turn.whenComplete((came, error) -> errand.forget(leave));
        }
        return turn.thenCompose(came -> came ? run(request) : leave(turn));
    }

    private CompletableFuture<Result> run(Supplier<CompletableFuture<Result>> request) {
        CompletableFuture<Result> result;
        try {
            result = request.get();
        } catch (RuntimeException e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.whenComplete((done, error) -> next());
    }

    private CompletableFuture<Result> leave(CompletableFuture<Boolean> turn) {
        synchronized (this) {
            waiting.remove(turn);
        }
        return CompletableFuture.completedFuture(Result.Broken.over());
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
