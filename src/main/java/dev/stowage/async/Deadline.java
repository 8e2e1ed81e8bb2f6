package dev.stowage.async;

import java.time.Duration;

/**
 * A deadline on the monotonic clock, so that changes of the wall clock do not move it.
 *
 * @param nanoTime the moment, as {@link System#nanoTime()} counts
 */
public record Deadline(long nanoTime) {

    /** The deadline after this time. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** The remaining time; zero after the deadline. */
    public Duration remaining() {
        long left = nanoTime - System.nanoTime();
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }

    /** Whether the deadline has passed. */
    public boolean passed() {
        return nanoTime - System.nanoTime() <= 0;
    }
}
