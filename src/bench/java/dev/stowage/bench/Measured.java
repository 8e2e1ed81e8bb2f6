package dev.stowage.bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a load met.
 *
 * @param times how long answers took, in nanoseconds; in an open loop from the moment at which the review was due, however late it
 *     was then sent, so that a server that stalls is charged for all who would have come meanwhile
 * @param lateness how late reviews were sent, in nanoseconds: the load program's own fault, and the machine's
 * @param seconds how long it lasted
 * @param errors how many reviews were not allowed
 * @param firstError one of them
 */
record Measured(Histogram times, Histogram lateness, double seconds, long errors, String firstError) {

    static Histogram histogram() {
        return new Histogram(60_000_000_000L, 3);
    }

    double perSecond() {
        return times.getTotalCount() / seconds;
    }

    double millis(double percentile) {
        return times.getValueAtPercentile(percentile) / 1e6;
    }

    /** Fails when a review was not allowed: then nothing that was measured counts. */
    Measured orThrow() {
        if (errors > 0) {
            throw new IllegalStateException(errors + " reviews failed, for example: " + firstError);
        }
        return this;
    }

    String inWords() {
        return String.format(
                Locale.ROOT,
                "%,.0f/s  p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.1f ms (sent late by p50 %.3f, p99 %.3f ms)",
                perSecond(),
                millis(50),
                millis(90),
                millis(99),
                millis(99.9),
                times.getMaxValue() / 1e6,
                lateness.getValueAtPercentile(50) / 1e6,
                lateness.getValueAtPercentile(99) / 1e6);
    }
}
