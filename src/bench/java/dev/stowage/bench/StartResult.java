package dev.stowage.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What the starts of one variant met. */
final class StartResult {

    private final Histogram ready = Measured.histogram();
    private final Histogram processor = Measured.histogram();
    private final List<Histogram> reviews = new ArrayList<>();
    long residentReady;
    long residentWithImages;
    long residentAfterLoad;

    void ready(long nanos, Duration processorTime) {
        ready.recordValue(nanos);
        processor.recordValue(processorTime.toNanos());
    }

    /** @param number which of the first reviews it was, from 0 */
    void review(int number, long nanos) {
        if (number == reviews.size()) {
            reviews.add(Measured.histogram());
        }
        reviews.get(number).recordValue(nanos);
    }

    /** A line of a table. */
    String row(String name) {
        double slowest = reviews.subList(2, reviews.size()).stream()
                .mapToDouble(StartResult::millis)
                .max()
                .orElse(0);
        return String.format(
                Locale.ROOT,
                "| %-44s | %.1f | %.1f | %.0f | %.0f | %.0f | %d | %d | %d |",
                name,
                millis(ready) / 1e3,
                millis(processor) / 1e3,
                millis(reviews.get(0)),
                millis(reviews.get(1)),
                slowest,
                residentReady,
                residentWithImages,
                residentAfterLoad);
    }

    private static double millis(Histogram times) {
        return times.getValueAtPercentile(50) / 1e6;
    }
}
