package dev.stowage.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The meters of reports. No label's value comes from outside: image names, namespaces and messages stay out of them. */
final class ReportMetrics implements WriteLog.Listener {

    /** A report that nothing has been found out for yet, or in which somebody wrote another verdict. */
    private static final String PENDING = "Pending";

    private static final List<String> VERDICTS =
            List.of(Conclusion.COMPATIBLE, Conclusion.INCOMPATIBLE, Conclusion.UNRESOLVED, PENDING);

    private final Map<WriteLog.Write, Map<WriteLog.Result, Counter>> writes = new EnumMap<>(WriteLog.Write.class);
    private final Counter dropped;
    private final MeterRegistry meters;

    ReportMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (WriteLog.Write write : WriteLog.Write.values()) {
            Map<WriteLog.Result, Counter> counters = new EnumMap<>(WriteLog.Result.class);
            for (WriteLog.Result result : WriteLog.Result.values()) {
                counters.put(
                        result,
                        Counter.builder("stowage.report.writes")
                                .description("Writes to the cluster for reports")
                                .tag("kind", write.label())
                                .tag("outcome", result.label())
                                .register(meters));
            }
            writes.put(write, counters);
        }
        this.dropped = Counter.builder("stowage.report.denials.dropped")
                .description("Denied admissions that no report was written about, because too many came at once")
                .register(meters);
    }

    @Override
    public void wrote(WriteLog.Write write, WriteLog.Result result) {
        writes.get(write).get(result).increment();
    }

    void droppedDenial() {
        dropped.increment();
    }

    /** Shows the reports that there are, by verdict. */
    void showReports(Supplier<List<ImageReport>> reports) {
        for (String verdict : VERDICTS) {
            Gauge.builder("stowage.reports", reports, known -> count(known.get(), verdict))
                    .description("ImageReports by verdict, as this replica knows them")
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

    /** Shows a queue's depth: {@code denials} or {@code looks}. */
    <T> void showQueue(String queue, T of, ToDoubleFunction<T> depth) {
        Gauge.builder("stowage.report.queue", of, depth)
                .description("What waits or is under way")
                .tag("queue", queue)
                .strongReference(true)
                .register(meters);
    }

    /** Shows whether this replica leads. */
    <T> void showLeader(T of, ToDoubleFunction<T> leading) {
        Gauge.builder("stowage.report.leader", of, leading)
                .description("1 on the replica that keeps the reports")
                .strongReference(true)
                .register(meters);
    }
}
