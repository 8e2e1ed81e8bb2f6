package dev.stowage.async;

import java.time.Duration;

/**
 * The time by which a call must be answered, on the monotonic clock, so that a wrong or corrected wall clock neither
 * ends nor prolongs it.
 *
 * @param nanoTime the moment, as {@link System#nanoTime()} counts
 */
public record Deadline(long nanoTime) {

    /** The deadline that lies this far ahead. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** How much time is left; zero when it has passed, never negative. */
    public Duration remaining() {
        long left = nanoTime - System.nanoTime();
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }

    /** Whether no time is left. */
    public boolean passed() {
        return nanoTime - System.nanoTime() <= 0;
    }
}
