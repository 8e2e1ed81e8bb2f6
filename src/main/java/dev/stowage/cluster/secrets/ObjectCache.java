package dev.stowage.cluster.secrets;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.async.Deadline;
import dev.stowage.async.FairQueue;
import dev.stowage.kube.ObjectName;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Keeps what was read of one kind of object for a short time. In the second half of that time it is read again in the background, so that
 * a busy namespace never waits; after it, the caller waits for a fresh reading. While the API server cannot answer, the last
 * good reading serves for some minutes more.
 */
final class ObjectCache<T> {

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
    private final AsyncLoadingCache<ObjectName, ReadResult<T>> cache;

    /**
     * A cache over one kind of object.
     *
     * @param kind what people call it
     * @param resource what a role calls it
     * @param read reads one, blocking
     * @param weigher about how many bytes one takes
     * @param ttl how long a reading is believed
     * @param maximumWeight how many bytes all may take
     * @param queue where readings wait, a namespace for its own ones
     * @param executor where reading is done
     * @param ticker the time
     * @param troubles notified each time that an object could not be read
     */
    ObjectCache(
            String kind,
            String resource,
            Function<ObjectName, Optional<T>> read,
            ToIntFunction<T> weigher,
            Duration ttl,
            long maximumWeight,
            FairQueue queue,
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
                .weigher((ObjectName name, ReadResult<T> result) ->
                        BASE_WEIGHT + result.value().map(weigher::applyAsInt).orElse(0))
                .expireAfterWrite(OUTAGE)
                .executor(Runnable::run)
                .ticker(ticker)
                .buildAsync(new Loader(queue, executor));
    }

    /**
     * What is known of the object, or is read now.
     *
     * @return completes by the deadline, never exceptionally
     */
    CompletableFuture<ReadResult<T>> get(ObjectName name, Deadline deadline) {
        if (!name.possible()) {
            return CompletableFuture.completedFuture(ReadResult.of(Optional.empty(), ticker.read()));
        }
        CompletableFuture<ReadResult<T>> known = cache.get(name);
        if (!known.isDone()) {
            return within(known, timedOut(name), deadline);
        }
        ReadResult<T> result = known.join();
        Duration believed = result.trouble().isPresent() && ttl.compareTo(TROUBLE_TTL) > 0 ? TROUBLE_TTL : ttl;
        Duration age = age(result);
        if (age.compareTo(believed.dividedBy(2)) < 0) {
            return known;
        }
        CompletableFuture<ReadResult<T>> fresh = cache.synchronous().refresh(name);
        return age.compareTo(believed) < 0 ? known : within(fresh, result, deadline);
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
    private CompletableFuture<ReadResult<T>> within(
            CompletableFuture<ReadResult<T>> reading, ReadResult<T> otherwise, Deadline deadline) {
        long patience = deadline.remaining().toNanos() / 2;
        return reading.copy().completeOnTimeout(otherwise, patience, TimeUnit.NANOSECONDS);
    }

    private Duration age(ReadResult<T> result) {
        return Duration.ofNanos(ticker.read() - result.at());
    }

    private ReadResult<T> timedOut(ObjectName name) {
        return ReadResult.troubled(shown(name) + " was not read in time", false, ticker.read());
    }

    private String shown(ObjectName name) {
        return kind + " \"" + name.name() + "\" in namespace \"" + name.namespace() + "\"";
    }

    private ReadResult<T> readNow(ObjectName name) {
        try {
            return ReadResult.of(read.apply(name), ticker.read());
        } catch (KubernetesClientException e) {
            return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                    ? ReadResult.troubled(
                            "Stowage may not read " + shown(name) + ": its role lacks \"get\" on \"" + resource
                                    + "\" there",
                            true,
                            ticker.read())
                    : unanswered(name);
        } catch (RuntimeException e) {
            return unanswered(name);
        }
    }

    private ReadResult<T> unanswered(ObjectName name) {
        return ReadResult.troubled("the API server did not respond for " + shown(name), false, ticker.read());
    }

    /** Reads on the executor given, whatever the cache's own is. */
    private final class Loader implements AsyncCacheLoader<ObjectName, ReadResult<T>> {

        private final FairQueue queue;
        private final Executor executor;

        Loader(FairQueue queue, Executor executor) {
            this.queue = queue;
            this.executor = executor;
        }

        @Override
        public CompletableFuture<ReadResult<T>> asyncLoad(ObjectName name, Executor ofCache) {
            return queue.submit(name.namespace(), () -> CompletableFuture.supplyAsync(() -> readNow(name), executor))
                    .exceptionally(full -> timedOut(name))
                    .thenApply(result -> {
                        result.trouble().ifPresent(troubles);
                        return result;
                    });
        }

        @Override
        public CompletableFuture<ReadResult<T>> asyncReload(ObjectName name, ReadResult<T> old, Executor ofCache) {
            return asyncLoad(name, ofCache)
                    .thenApply(fresh ->
                            fresh.passing() && old.trouble().isEmpty() && age(old).compareTo(OUTAGE) < 0 ? old : fresh);
        }
    }
}
