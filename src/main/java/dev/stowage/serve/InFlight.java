package dev.stowage.serve;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the reviews under way, so that the server can end after the last of them. */
final class InFlight {

    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile boolean leaving;
    private volatile boolean ending;

    void begin() {
        count.incrementAndGet();
    }

    void end() {
        if (count.decrementAndGet() == 0 && ending) {
            idle.complete(null);
        }
    }

    int count() {
        return count.get();
    }

    /** Clients should go elsewhere by themselves from now on, while everything is still answered. */
    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** From now on nothing new is expected. Completes when, for once, nothing is under way. */
    CompletableFuture<Void> ending() {
        ending = true;
        if (count.get() == 0) {
            idle.complete(null);
        }
        return idle;
    }
}
