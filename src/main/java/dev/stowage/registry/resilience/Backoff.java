package dev.stowage.registry.resilience;

import dev.stowage.async.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** The time before a retry: 100 ms, then 300 ms, each spread between half and whole so that callers spread. */
public final class Backoff {

    static final int MAX_ATTEMPTS = 3;

    private static final long FIRST_NANOS = Duration.ofMillis(100).toNanos();

    private final DoubleSupplier random;

    /**
     * With this source of chance.
     *
     * @param random numbers from 0 to 1
     */
    public Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /**
     * The wait before the next attempt.
     *
     * @param attempts the number of attempts so far
     * @return empty when there have been enough, or when the time left would not do
     */
    public Optional<Duration> before(int attempts, Deadline deadline) {
        if (attempts >= MAX_ATTEMPTS) {
            return Optional.empty();
        }
        double longest = FIRST_NANOS * Math.pow(3, attempts - 1.0);
        Duration wait = Duration.ofNanos((long) (longest * (0.5 + random.getAsDouble() / 2)));
        return wait.compareTo(deadline.remaining()) < 0 ? Optional.of(wait) : Optional.empty();
    }
}
