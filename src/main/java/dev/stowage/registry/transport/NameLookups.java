package dev.stowage.registry.transport;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.stowage.async.CallContext;
import dev.stowage.async.FairQueue;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the addresses of names, one look-up for a name at a time, and remembers them for a short time. A look-up blocks its thread
 * and cannot be cancelled, for as long as name servers do not respond. So the owners of calls have a share of the threads each.
 */
final class NameLookups {

    static final Duration REMEMBERED = Duration.ofSeconds(5);
    static final Duration FAILURE_REMEMBERED = Duration.ofSeconds(10);

    /** Sixteen owners whose names do not respond leave no thread to others, which is why one has few. */
    static final FairQueue.Limits LIMITS = new FairQueue.Limits(64, 4, 2_000, 200);

    static final long MAX_BYTES = 2L << 20;

    private static final int OVERHEAD = 250;
    private static final int ADDRESS_BYTES = 100;

    /**
     * The addresses of a name.
     *
     * @param addresses none if the name does not resolve
     * @param at when they were looked up, on the ticker
     */
    private record Lookup(List<InetAddress> addresses, long at) {}

    private final AddressGuard.Resolver resolver;
    private final Executor threads;
    private final LongSupplier nanos;
    private final FairQueue queue = new FairQueue(LIMITS);
    private final Map<String, Flight> flights = new HashMap<>();
    private final Cache<String, Lookup> remembered;

    NameLookups(AddressGuard.Resolver resolver, Executor threads, LongSupplier nanos) {
        this.resolver = resolver;
        this.threads = threads;
        this.nanos = nanos;
        this.remembered = Caffeine.newBuilder()
                .maximumWeight(MAX_BYTES)
                .weigher((String host, Lookup lookup) -> OVERHEAD
                        + host.length()
                        + ADDRESS_BYTES * lookup.addresses().size())
                .expireAfter(Expiry.writing(
                        (String host, Lookup lookup) -> lookup.addresses().isEmpty() ? FAILURE_REMEMBERED : REMEMBERED))
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /**
     * All addresses of a name.
     *
     * @param context whose share of the threads is used; if it ends first, the result is a {@link CancellationException}
     * @param maxAge how old a remembered result may be
     * @return no addresses if the name does not resolve; a {@link RejectedExecutionException} if too many look-ups wait
     */
    CompletableFuture<List<InetAddress>> resolve(String host, CallContext context, Duration maxAge) {
        Lookup known = remembered.getIfPresent(host);
        if (known != null && nanos.getAsLong() - known.at() <= maxAge.toNanos()) {
            return CompletableFuture.completedFuture(known.addresses());
        }
        CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
        Flight flight = join(host);
        Runnable cancel = () -> result.completeExceptionally(new CancellationException("the call has ended"));
        context.onEnd(cancel);
        result.whenComplete((addresses, failure) -> {
            context.forget(cancel);
            leave(host, flight);
        });
        flight.result.whenComplete((addresses, failure) -> {
            complete(result, failure);
            result.complete(addresses);
        });
        if (!flight.isStarted()) {
            // each owner queues for itself, so that nobody waits for the turn of another
            CompletableFuture<Void> turn = queue.submit(context.owner(), () -> flight.start(host, result));
            turn.whenComplete((nothing, failure) -> complete(result, failure));
            result.whenComplete((addresses, failure) -> {
                if (flight.starter != result) {
                    turn.cancel(true);
                }
            });
        }
        return result;
    }

    private static void complete(CompletableFuture<?> future, @Nullable Throwable failure) {
        if (failure != null) {
            future.completeExceptionally(failure);
        }
    }

    private Flight join(String host) {
        synchronized (flights) {
            Flight flight = flights.computeIfAbsent(host, absent -> new Flight());
            flight.waiting++;
            return flight;
        }
    }

    /** A look-up that nobody waits for is not started; one that runs is left to end, and remembered. */
    private void leave(String host, Flight flight) {
        synchronized (flights) {
            flight.waiting--;
            if (flight.waiting == 0 && !flight.isStarted()) {
                flights.remove(host, flight);
            }
        }
    }

    /** How many names are looked up or wait for it. */
    int size() {
        synchronized (flights) {
            return flights.size();
        }
    }

    /** How many bytes the remembered results take, about. */
    Cache<?, ?> cache() {
        return remembered;
    }

    /** One look-up and how many wait for it. */
    private final class Flight {

        private final CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
        private int waiting;
        /** The call in whose turn it was started. */
        private volatile @Nullable CompletableFuture<?> starter;

        boolean isStarted() {
            return starter != null;
        }

        /** The place of the caller is free again when the look-up ends; at once if it had been started before. */
        CompletableFuture<Void> start(String host, CompletableFuture<?> by) {
            synchronized (flights) {
                if (isStarted() || waiting == 0) {
                    return CompletableFuture.completedFuture(null);
                }
                starter = by;
            }
            try {
                threads.execute(() -> run(host));
            } catch (RejectedExecutionException e) {
                end(host);
                result.completeExceptionally(e);
            }
            return result.handle((addresses, failure) -> null);
        }

        private void run(String host) {
            try {
                List<InetAddress> addresses = lookUp(host);
                remembered.put(host, new Lookup(addresses, nanos.getAsLong()));
                end(host);
                result.complete(addresses);
            } catch (RuntimeException e) {
                end(host);
                result.completeExceptionally(e);
            }
        }

        private void end(String host) {
            synchronized (flights) {
                flights.remove(host, this);
            }
        }
    }

    private List<InetAddress> lookUp(String host) {
        try {
            return List.of(resolver.resolve(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }
}
