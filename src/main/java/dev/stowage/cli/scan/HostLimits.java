package dev.stowage.cli.scan;

import dev.stowage.image.Repository;
import dev.stowage.registry.RegistryObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Honours the rate limits of registries. A registry that refuses a request because there were too many gets none until the pause that
 * it wants is over, and then one image at a time; one that wants a long pause, refuses again and again, or says that no request is
 * left, gets none any more in this scan.
 */
final class HostLimits implements RegistryObserver {

    /** Longer pauses are for another day: Docker Hub counts for six hours. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private static final int MOST_PAUSES = 3;
    private static final String HUB_HOST = "registry-1.docker.io";

    private static final class Host {
        private boolean limited;
        private long until;
        private int pauses;
        private boolean stopped;
        private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    }

    private final LongSupplier nanoTime;
    private final Map<String, Host> hosts = new HashMap<>();

    /** @param nanoTime the clock, as {@link System#nanoTime()} counts */
    HostLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public void finished(Request request) {
        if (request.remaining().isPresent() && request.remaining().getAsLong() <= 0) {
            synchronized (this) {
                of(request.host().equals(HUB_HOST) ? Repository.DOCKER_HUB : request.host()).stopped = true;
            }
        }
    }

    private Host of(String registry) {
        return hosts.computeIfAbsent(registry, first -> new Host());
    }

    /** Why a registry gets no more requests; empty while it gets some. */
    synchronized Optional<String> stopped(String registry) {
        Host host = hosts.get(registry);
        return host != null && host.stopped
                ? Optional.of(
                        registry + " limits requests and was not contacted any more; log in to it for a higher limit,"
                                + " and run the scan again later with --cache FILE, which keeps what is known")
                : Optional.empty();
    }

    /** Whether a registry ever refused a request. */
    synchronized boolean isLimited(String registry) {
        Host host = hosts.get(registry);
        return host != null && host.limited;
    }

    /** A registry refused a request and wants this pause. */
    synchronized void refused(String registry, Duration pause) {
        Host host = of(registry);
        long now = nanoTime.getAsLong();
        boolean paused = host.limited && host.until - now > 0;
        host.until = paused ? Math.max(host.until, now + pause.toNanos()) : now + pause.toNanos();
        host.limited = true;
        // those that were on their way when it began are part of the same pause
        host.pauses += paused ? 0 : 1;
        host.stopped |= pause.compareTo(LONGEST_PAUSE) > 0 || host.pauses > MOST_PAUSES;
    }

    /** A registry answered. */
    synchronized void answered(String registry) {
        Host host = hosts.get(registry);
        if (host != null) {
            host.pauses = 0;
        }
    }

    /** Starts work that sends requests to this registry, now or when it is its turn after a pause. */
    <T> CompletableFuture<T> inTurn(String registry, Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> result;
        synchronized (this) {
            Host host = hosts.get(registry);
            if (host == null || !host.limited) {
                result = null;
            } else {
                result = host.last
                        .handle((before, failure) -> pause(registry))
                        .thenCompose(pause -> CompletableFuture.supplyAsync(work, later(pause)))
                        .thenCompose(running -> running);
                host.last = result;
            }
        }
        return result == null ? work.get() : result;
    }

    private synchronized long pause(String registry) {
        return of(registry).stopped ? 0 : Math.max(0, of(registry).until - nanoTime.getAsLong());
    }

    private static Executor later(long nanos) {
        return CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS);
    }
}
