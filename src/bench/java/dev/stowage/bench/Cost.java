package dev.stowage.bench;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a load met and what it cost in processor time, which says more than rates on a machine that others use, and shows whether
 * a rate can be true at all.
 *
 * @param measured what the load met
 * @param hookMicros processor time of the webhook for each review, in microseconds
 * @param clientMicros processor time of the load program for each review, in microseconds
 * @param processors how many processors the two kept busy
 */
record Cost(Measured measured, double hookMicros, double clientMicros, double processors) {

    /** Timers of processor time tick in hundredths of a second. */
    private static final double TOLERANCE = 1.05;

    /** Runs a load against this webhook. */
    static Cost of(HookProcess hook, Supplier<Measured> load) {
        Duration hookBefore = hook.processorTime();
        Duration clientBefore = own();
        Measured measured = load.get();
        double hookMicros = hook.processorTime().minus(hookBefore).toNanos() / 1e3;
        double clientMicros = own().minus(clientBefore).toNanos() / 1e3;
        long reviews = measured.times().getTotalCount();
        Cost cost = new Cost(
                measured,
                hookMicros / reviews,
                clientMicros / reviews,
                (hookMicros + clientMicros) / 1e6 / measured.seconds());
        return cost.possible();
    }

    /** A rate that takes more processors than there are has been measured wrongly. */
    private Cost possible() {
        int there = Runtime.getRuntime().availableProcessors();
        if (processors > there * TOLERANCE) {
            throw new IllegalStateException(
                    "measured wrongly: " + measured.inWords() + " took " + processors + " of " + there + " processors");
        }
        return this;
    }

    private static Duration own() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
