package dev.stowage.registry.resilience;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Remembers which registries requested a pause, by whom, and until when. */
public final class RetryAfterTracker {

    private record Key(String host, String identity) {}

    private final LongSupplier nanos;
    private final Cache<Key, Long> until =
            Caffeine.newBuilder().maximumSize(10_000).build();

    public RetryAfterTracker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** This identity leaves the host alone for this time; an earlier, longer pause stays. */
    public void begin(String host, String identity, Duration time) {
        long end = nanos.getAsLong() + time.toNanos();
        until.asMap().merge(new Key(host, identity), end, (old, latest) -> latest - old > 0 ? latest : old);
    }

    /** How long the pause still lasts; empty when there is none. */
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
