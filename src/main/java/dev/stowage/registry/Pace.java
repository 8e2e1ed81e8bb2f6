package dev.stowage.registry;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Spreads requests to one host evenly, so that there are never more a second than allowed. */
final class Pace {

    private final long gap;
    private final LongSupplier nanos;
    private long next;

    Pace(double perSecond, LongSupplier nanos) {
        this.gap = perSecond == Double.POSITIVE_INFINITY ? 0 : (long) (1e9 / perSecond);
        this.nanos = nanos;
        this.next = nanos.getAsLong();
    }

    /** Takes the next free place; how long to wait for it. */
    synchronized Duration take() {
        long now = nanos.getAsLong();
        long place = next - now > 0 ? next : now;
        next = place + gap;
        return Duration.ofNanos(place - now);
    }
}
