package dev.stowage.registry.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The few daemon threads of the registry client: for answers, for alarms, and for looking names up, which blocks. */
public final class RegistryExecutors implements AutoCloseable {

    private final ThreadPoolExecutor responses = pool("answers", 8);
    private final ThreadPoolExecutor lookups = pool("lookups", 16);
    private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1, named("alarms"));

    public RegistryExecutors() {
        alarms.setRemoveOnCancelPolicy(true);
    }

    /** Runs what follows an answer. */
    public Executor responses() {
        return responses;
    }

    /** Runs what may block on a name service. */
    public Executor lookups() {
        return lookups;
    }

    /** Runs {@code task} on an answer thread after this time, unless cancelled before. */
    public Future<?> schedule(Duration time, Runnable task) {
        try {
            return alarms.schedule(() -> responses.execute(task), time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            task.run();
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Starts what {@code next} starts, after this time. */
    public <T> CompletableFuture<T> later(Duration time, Supplier<CompletableFuture<T>> next) {
        CompletableFuture<Void> wait = new CompletableFuture<>();
        schedule(time, () -> wait.complete(null));
        return wait.thenCompose(nothing -> next.get());
    }

    /** The error itself, without the wrappers that futures put around it. */
    public static Throwable unwrapped(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    @Override
    public void close() {
        alarms.shutdownNow();
        lookups.shutdownNow();
        responses.shutdown();
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "registry-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
