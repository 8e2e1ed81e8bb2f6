package dev.stowage.registry.resilience;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Spreads requests to one host evenly, so that there are never more a second than allowed. */
public final class RateLimiter {

    private final long gap;
    private final LongSupplier nanos;
    private long next;

    public RateLimiter(double perSecond, LongSupplier nanos) {
        this.gap = perSecond == Double.POSITIVE_INFINITY ? 0 : (long) (1e9 / perSecond);
        this.nanos = nanos;
        this.next = nanos.getAsLong();
    }

    /** Reserves the next slot and returns the wait until then; empty, without a reservation, when that would be too long. */
    public synchronized Optional<Duration> take(Duration longest) {
        long now = nanos.getAsLong();
        long place = next - now > 0 ? next : now;
        if (place - now > longest.toNanos()) {
            return Optional.empty();
        }
        next = place + gap;
        return Optional.of(Duration.ofNanos(place - now));
    }

    /** Whether the next request would not have to wait. */
    public synchronized boolean isIdle() {
        return next - nanos.getAsLong() <= 0;
    }
}
