package dev.stowage.report;

import dev.stowage.report.api.ImageReport;
import dev.stowage.report.status.ReportVerdict;
import dev.stowage.report.write.ApiWriteMonitor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The meters of reports. No label value comes from outside: no image names, namespaces or messages. */
final class ReportMetrics {

    /** A report without a verdict yet, or with one that another client wrote. */
    private static final String PENDING = "Pending";

    private static final List<String> VERDICTS = List.of(
            ReportVerdict.COMPATIBLE,
            ReportVerdict.INCOMPATIBLE,
            ReportVerdict.NOT_FOUND,
            ReportVerdict.UNRESOLVED,
            PENDING);

    private final Map<ApiWriteMonitor.Write, Map<ApiWriteMonitor.Result, Counter>> writes =
            new EnumMap<>(ApiWriteMonitor.Write.class);
    private final Counter dropped;
    private final MeterRegistry meters;

    ReportMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (ApiWriteMonitor.Write write : ApiWriteMonitor.Write.values()) {
            Map<ApiWriteMonitor.Result, Counter> counters = new EnumMap<>(ApiWriteMonitor.Result.class);
            for (ApiWriteMonitor.Result result : ApiWriteMonitor.Result.values()) {
                counters.put(
                        result,
                        Counter.builder("stowage.report.writes")
                                .description("API writes for ImageReports")
                                .tag("operation", write.label())
                                .tag("outcome", result.label())
                                .register(meters));
            }
            writes.put(write, counters);
        }
        this.dropped = Counter.builder("stowage.report.dropped.denials")
                .description("Denials that were not recorded in an ImageReport because too many came at once")
                .register(meters);
    }

    void wrote(ApiWriteMonitor.Write write, ApiWriteMonitor.Result result) {
        writes.get(write).get(result).increment();
    }

    void droppedDenial() {
        dropped.increment();
    }

    /** Shows the reports that there are, by verdict. */
    void showReports(Supplier<List<ImageReport>> reports) {
        for (String verdict : VERDICTS) {
            Gauge.builder("stowage.reports", reports, known -> count(known.get(), verdict))
                    .description("ImageReports by verdict, as seen by this replica")
                    .tag("verdict", verdict)
                    .strongReference(true)
                    .register(meters);
        }
    }

    private static long count(List<ImageReport> reports, String verdict) {
        return reports.stream()
                .filter(report -> verdict.equals(verdictOf(report)))
                .count();
    }

    private static String verdictOf(ImageReport report) {
        String verdict = report.getStatus() == null ? null : report.getStatus().verdict();
        return verdict != null && VERDICTS.contains(verdict) ? verdict : PENDING;
    }

    /** Shows the length of a queue: {@code denials} or {@code scans}. */
    <T> void showQueue(String queue, T of, ToDoubleFunction<T> depth) {
        Gauge.builder("stowage.report.queue.length", of, depth)
                .description("Work that is queued or in progress")
                .tag("queue", queue)
                .strongReference(true)
                .register(meters);
    }

    /** Shows how many images have no report because their namespace has too many. */
    <T> void showOmitted(T of, ToDoubleFunction<T> omitted) {
        Gauge.builder("stowage.report.omitted.images", of, omitted)
                .description("Images without an ImageReport because their namespace has reports.maxPerNamespace")
                .strongReference(true)
                .register(meters);
    }

    /** Shows whether this replica leads. */
    <T> void showLeader(T of, ToDoubleFunction<T> leading) {
        Gauge.builder("stowage.report.leader", of, leading)
                .description("1 on the leader, which updates the ImageReports")
                .strongReference(true)
                .register(meters);
    }
}
