package dev.stowage.registry.transport;

import dev.stowage.async.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The daemon threads of the registry client: for responses, for timers, and for name lookups, which block. */
public final class RegistryExecutors implements AutoCloseable {

    private final ThreadPoolExecutor responses = DaemonThreads.pool("registry-responses", 8, Integer.MAX_VALUE);
    private final ThreadPoolExecutor lookups =
            DaemonThreads.pool("registry-lookups", NameLookups.LIMITS.running(), Integer.MAX_VALUE);
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, DaemonThreads.factory("registry-timer"));

    public RegistryExecutors() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs what follows a response. */
    public Executor responses() {
        return responses;
    }

    /** Runs name lookups, which may block. */
    public Executor lookups() {
        return lookups;
    }

    /** Runs the task on a response thread after this time, unless cancelled before. */
    public Future<?> schedule(Duration time, Runnable task) {
        try {
            return timer.schedule(() -> responses.execute(task), time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            task.run();
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Runs the next step after this time. */
    public <T> CompletableFuture<T> later(Duration time, Supplier<CompletableFuture<T>> next) {
        CompletableFuture<Void> wait = new CompletableFuture<>();
        schedule(time, () -> wait.complete(null));
        return wait.thenCompose(nothing -> next.get());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        lookups.shutdownNow();
        responses.shutdown();
    }
}
