package dev.stowage.cluster;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.registry.Deadline;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Keeps what was read of one kind of object for a short time. In the second half of that time it is read again in the background, so that
 * a busy namespace never waits; after it, the caller waits for a fresh reading. While the API server cannot answer, the last
 * good reading serves for some minutes more.
 */
final class ReadingCache<T> {

    private static final Duration TROUBLE_TTL = Duration.ofSeconds(15);
    private static final Duration OUTAGE = Duration.ofMinutes(10);
    private static final Duration FRESH_ENOUGH = Duration.ofSeconds(5);
    private static final int BASE_WEIGHT = 500;

    private final String kind;
    private final String resource;
    private final Function<ObjectName, Optional<T>> read;
    private final Duration ttl;
    private final Ticker ticker;
    private final Consumer<String> troubles;
    private final AsyncLoadingCache<ObjectName, Reading<T>> cache;

    /**
     * A cache over one kind of object.
     *
     * @param kind what people call it
     * @param resource what a role calls it
     * @param read reads one, blocking
     * @param weigher about how many bytes one takes
     * @param ttl how long a reading is believed
     * @param maximumWeight how many bytes all may take
     * @param executor where reading is done
     * @param ticker the time
     * @param troubles notified each time that an object could not be read
     */
    ReadingCache(
            String kind,
            String resource,
            Function<ObjectName, Optional<T>> read,
            ToIntFunction<T> weigher,
            Duration ttl,
            long maximumWeight,
            Executor executor,
            Ticker ticker,
            Consumer<String> troubles) {
        this.troubles = troubles;
        this.kind = kind;
        this.resource = resource;
        this.read = read;
        this.ttl = ttl;
        this.ticker = ticker;
        this.cache = Caffeine.newBuilder()
                .maximumWeight(maximumWeight)
                .weigher((ObjectName name, Reading<T> reading) ->
                        BASE_WEIGHT + reading.value().map(weigher::applyAsInt).orElse(0))
                .expireAfterWrite(OUTAGE)
                .executor(Runnable::run)
                .ticker(ticker)
                .buildAsync(new Loader(executor));
    }

    /**
     * What is known of the object, or is read now.
     *
     * @return completes by the deadline, never exceptionally
     */
    CompletableFuture<Reading<T>> get(ObjectName name, Deadline deadline) {
        if (!name.possible()) {
            return CompletableFuture.completedFuture(Reading.of(Optional.empty(), ticker.read()));
        }
        CompletableFuture<Reading<T>> known = cache.get(name);
        if (!known.isDone()) {
            return within(known, late(name), deadline);
        }
        Reading<T> reading = known.join();
        Duration believed = reading.trouble().isPresent() && ttl.compareTo(TROUBLE_TTL) > 0 ? TROUBLE_TTL : ttl;
        Duration age = age(reading);
        if (age.compareTo(believed.dividedBy(2)) < 0) {
            return known;
        }
        CompletableFuture<Reading<T>> fresh = cache.synchronous().refresh(name);
        return age.compareTo(believed) < 0 ? known : within(fresh, reading, deadline);
    }

    /** Drops what is known of a namespace, unless it has only just been read. */
    void forget(String namespace) {
        cache.synchronous()
                .asMap()
                .entrySet()
                .removeIf(entry -> entry.getKey().namespace().equals(namespace)
                        && age(entry.getValue()).compareTo(FRESH_ENOUGH) > 0);
    }

    /** At most half of the time goes into reading, since the registry is still to be contacted. */
    private CompletableFuture<Reading<T>> within(
            CompletableFuture<Reading<T>> reading, Reading<T> otherwise, Deadline deadline) {
        long patience = deadline.remaining().toNanos() / 2;
        return reading.copy().completeOnTimeout(otherwise, patience, TimeUnit.NANOSECONDS);
    }

    private Duration age(Reading<T> reading) {
        return Duration.ofNanos(ticker.read() - reading.at());
    }

    private Reading<T> late(ObjectName name) {
        return Reading.troubled(shown(name) + " was not read in time", false, ticker.read());
    }

    private String shown(ObjectName name) {
        return kind + " \"" + name.name() + "\" in namespace \"" + name.namespace() + "\"";
    }

    private Reading<T> readNow(ObjectName name) {
        try {
            return Reading.of(read.apply(name), ticker.read());
        } catch (KubernetesClientException e) {
            return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                    ? Reading.troubled(
                            "Stowage may not read " + shown(name) + ": its role lacks \"get\" on \"" + resource
                                    + "\" there",
                            true,
                            ticker.read())
                    : unanswered(name);
        } catch (RuntimeException e) {
            return unanswered(name);
        }
    }

    private Reading<T> unanswered(ObjectName name) {
        return Reading.troubled("the API server did not respond for " + shown(name), false, ticker.read());
    }

    /** Reads on the executor given, whatever the cache's own is. */
    private final class Loader implements AsyncCacheLoader<ObjectName, Reading<T>> {

        private final Executor executor;

        Loader(Executor executor) {
            this.executor = executor;
        }

        @Override
        public CompletableFuture<Reading<T>> asyncLoad(ObjectName name, Executor ofCache) {
            try {
                return CompletableFuture.supplyAsync(
                        () -> {
                            Reading<T> reading = readNow(name);
                            reading.trouble().ifPresent(troubles);
                            return reading;
                        },
                        executor);
            } catch (RejectedExecutionException e) {
                return CompletableFuture.completedFuture(late(name));
            }
        }

        @Override
        public CompletableFuture<Reading<T>> asyncReload(ObjectName name, Reading<T> old, Executor ofCache) {
            return asyncLoad(name, ofCache)
                    .thenApply(fresh ->
                            fresh.passing() && old.trouble().isEmpty() && age(old).compareTo(OUTAGE) < 0 ? old : fresh);
        }
    }
}
