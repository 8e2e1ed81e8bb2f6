package dev.stowage.registry.resilience;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The pauses that registries requested, by identity. */
public final class RetryAfterTracker {

    static final long MAX_BYTES = 2L << 20;

    private static final int OVERHEAD = 250;

    private record Key(String host, String identity) {}

    private final LongSupplier nanos;
    private final Cache<Key, Long> until = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((Key key, Long end) ->
                    OVERHEAD + key.host().length() + key.identity().length())
            .executor(Runnable::run)
            .build();

    public RetryAfterTracker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Starts a pause of this length for this identity; a longer one that is in effect stays. */
    public void begin(String host, String identity, Duration time) {
        long end = nanos.getAsLong() + time.toNanos();
        until.asMap().merge(new Key(host, identity), end, (old, latest) -> latest - old > 0 ? latest : old);
    }

    /** The pauses, to show their bound. */
    Cache<?, ?> cache() {
        return until;
    }

    /** The rest of the pause; empty if there is none. */
    public Optional<Duration> remaining(String host, String identity) {
        Key key = new Key(host, identity);
        Long end = until.getIfPresent(key);
        if (end == null) {
            return Optional.empty();
        }
        long left = end - nanos.getAsLong();
        if (left <= 0) {
            until.asMap().remove(key, end);
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(left));
    }
}
