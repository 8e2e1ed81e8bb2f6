package dev.stowage.registry.resilience;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Stops requests to a host that fails repeatedly: after some failures in a row the circuit is open and no request is sent; after a
 * wait, one probe is sent. Its success closes the circuit, its failure doubles the wait, up to a minute.
 */
public final class CircuitBreaker {

    public static final int THRESHOLD = 5;
    static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    static final Duration MAX_WAIT = Duration.ofMinutes(1);

    /**
     * The permission to send a request, or its denial.
     *
     * @param allowed whether the host may be contacted; the outcome is then reported with this permit
     * @param probe whether this request is the one by which an open circuit is tried
     * @param reason why the last request failed, where the host may not be contacted
     * @param left the time until the next probe, if the host must not be contacted
     */
    public record Permit(boolean allowed, boolean probe, String reason, Duration left) {
        private static final Permit FREE = new Permit(true, false, "", Duration.ZERO);
        private static final Permit PROBE = new Permit(true, true, "", Duration.ZERO);
    }

    private final LongSupplier nanos;
    private int failures;
    private Duration wait = Duration.ZERO;
    private long nextProbe;
    private boolean probing;
    private String reason = "";

    public CircuitBreaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Requests a permit; the holder reports back with one of the three other methods. */
    public synchronized Permit tryAcquire() {
        if (!isOpen()) {
            return Permit.FREE;
        }
        long left = nextProbe - nanos.getAsLong();
        if (left > 0 || probing) {
            return new Permit(false, false, reason, Duration.ofNanos(Math.max(0, left)));
        }
        probing = true;
        return Permit.PROBE;
    }

    /** The host responded, with any status, even after the timeout. */
    public synchronized void succeeded() {
        failures = 0;
        wait = Duration.ZERO;
        probing = false;
    }

    /** The host failed. Requests that were in progress when the circuit opened do not count. */
    public synchronized void failed(Permit permit, String reason) {
        if (permit.probe()) {
            probing = false;
        } else if (isOpen()) {
            return;
        }
        this.reason = reason;
        failures = Math.min(failures + 1, THRESHOLD);
        if (isOpen()) {
            Duration doubled = wait.isZero() ? FIRST_WAIT : wait.multipliedBy(2);
            wait = doubled.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : doubled;
            nextProbe = nanos.getAsLong() + wait.toNanos();
        }
    }

    /** Nothing was learned about the host. */
    public synchronized void abandoned(Permit permit) {
        if (permit.probe()) {
            probing = false;
        }
    }

    private boolean isOpen() {
        return failures >= THRESHOLD;
    }
}
