package dev.stowage.registry.transport;

import dev.stowage.async.CallContext;
import dev.stowage.async.FairQueue;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.resilience.RateLimiter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Bounds the requests in flight, and so the connections: of each host and over all hosts. Each owner of calls has a share of both. The
 * others wait without holding a thread; those for a busy host take no place of another host.
 */
final class ConnectionLimits {

    /** How many requests are in flight over all hosts. */
    static final FairQueue.Limits TOTAL = new FairQueue.Limits(256, 64, 10_000, 2_000);

    private static final int WAITING_FOR_HOST = 5_000;
    private static final int WAITING_FOR_HOST_PER_OWNER = 1_000;

    private static final int SWEEP = 64;

    private final int maxInFlight;
    private final LongSupplier nanos;
    private final FairQueue total = new FairQueue(TOTAL);
    private final Map<String, Host> hosts = new HashMap<>();
    /** From how many hosts on those are removed that are not needed any more; as many again must come before the next time. */
    private int sweepAt = SWEEP;

    /** @param maxInFlight how many requests a host may have at a time where its rule does not say otherwise */
    ConnectionLimits(int maxInFlight, LongSupplier nanos) {
        this.maxInFlight = maxInFlight;
        this.nanos = nanos;
    }

    /**
     * Starts the request as soon as its owner has a place.
     *
     * @param rule the settings of the host
     * @return cancelling or completing it cancels the request; a {@link java.util.concurrent.RejectedExecutionException} when too
     *     many requests wait
     */
    <T> CompletableFuture<T> execute(
            String authority, RegistryRule rule, CallContext context, Supplier<CompletableFuture<T>> request) {
        Host host = enter(authority, rule);
        CompletableFuture<T> result = host.queue.submit(context.owner(), () -> total.submit(context.owner(), request));
        result.whenComplete((done, failure) -> leave(authority, host));
        return result;
    }

    /** Reserves the host's next slot and returns the wait until then; empty when that would be too long. Only for a request in flight. */
    Optional<Duration> pace(String authority, Duration longest) {
        Host host;
        synchronized (hosts) {
            host = hosts.get(authority);
        }
        return host == null ? Optional.of(Duration.ZERO) : host.rate.take(longest);
    }

    private Host enter(String authority, RegistryRule rule) {
        synchronized (hosts) {
            if (hosts.size() >= sweepAt) {
                hosts.values().removeIf(Host::isIdle);
                sweepAt = Math.max(SWEEP, 2 * hosts.size());
            }
            Host host = hosts.computeIfAbsent(authority, absent -> new Host(rule));
            host.calls++;
            return host;
        }
    }

    /** A host without requests is forgotten; if its rate limit is still to be kept, with one of the next requests. */
    private void leave(String authority, Host host) {
        synchronized (hosts) {
            host.calls--;
            if (host.isIdle()) {
                hosts.remove(authority);
            }
        }
    }

    /** How many hosts are known. */
    int hosts() {
        synchronized (hosts) {
            return hosts.size();
        }
    }

    /** How many requests are in flight. */
    int inFlight() {
        return total.running();
    }

    private final class Host {

        private final FairQueue queue;
        private final RateLimiter rate;
        private int calls;

        Host(RegistryRule rule) {
            int places = rule.maxInFlight().orElse(maxInFlight);
            // a quarter is left to other owners
            queue = new FairQueue(
                    new FairQueue.Limits(places, places - places / 4, WAITING_FOR_HOST, WAITING_FOR_HOST_PER_OWNER));
            rate = new RateLimiter(rule.maxRequestsPerSecond().orElse(Double.POSITIVE_INFINITY), nanos);
        }

        boolean isIdle() {
            return calls == 0 && rate.isIdle();
        }
    }
}
