package dev.stowage.registry;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Stops asking a host that fails again and again: after some failures in a row the circuit is open and nobody asks; after a
 * while one probe goes through, whose success closes the circuit and whose failure doubles the wait, up to a minute.
 */
final class Circuit {

    static final int THRESHOLD = 5;
    static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    static final Duration MAX_WAIT = Duration.ofMinutes(1);

    /**
     * That the host is not asked now.
     *
     * @param reason why the last request failed
     * @param left how long until the next probe
     */
    record Open(String reason, Duration left) {}

    private final LongSupplier nanos;
    private int failures;
    private long opensAgain;
    private boolean probing;
    private String reason = "";

    Circuit(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Asks for leave to send; who gets it (empty) reports back with one of the three other methods. */
    synchronized Optional<Open> enter() {
        if (failures < THRESHOLD) {
            return Optional.empty();
        }
        long left = opensAgain - nanos.getAsLong();
        if (left > 0 || probing) {
            return Optional.of(new Open(reason, Duration.ofNanos(Math.max(0, left))));
        }
        probing = true;
        return Optional.empty();
    }

    /** The host answered, whatever it said. */
    synchronized void succeeded() {
        failures = 0;
        probing = false;
    }

    /** The host failed. */
    synchronized void failed(String reason) {
        this.reason = reason;
        this.probing = false;
        failures = Math.min(failures + 1, THRESHOLD + 16);
        if (failures >= THRESHOLD) {
            long wait = FIRST_WAIT.toNanos() << Math.min(failures - THRESHOLD, 10);
            opensAgain = nanos.getAsLong() + Math.min(wait, MAX_WAIT.toNanos());
        }
    }

    /** Nothing was learned about the host. */
    synchronized void abandoned() {
        probing = false;
    }
}
