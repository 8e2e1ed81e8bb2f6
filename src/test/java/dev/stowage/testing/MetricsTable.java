package dev.stowage.testing;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheus.PrometheusNamingConvention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names of metrics and their labels, as Prometheus sees them and as docs/operations.md lists them. */
public final class MetricsTable {

    private static final Path DOCUMENTATION = Path.of("docs/operations.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(stowage_\\w+)` \\|([^|]*)\\|");
    private static final Pattern LABEL = Pattern.compile("`(\\w+)`");

    private MetricsTable() {}

    /** The documented metrics, each with its labels. */
    public static Map<String, Set<String>> documented() {
        Map<String, Set<String>> metrics = new TreeMap<>();
        Matcher row = ROW.matcher(documentation());
        while (row.find()) {
            metrics.put(row.group(1), labels(row.group(2)));
        }
        return metrics;
    }

    /** The documented metrics whose names begin so, but for one. */
    public static Map<String, Set<String>> documented(String prefix, String except) {
        Map<String, Set<String>> metrics = documented();
        metrics.keySet().removeIf(name -> !name.startsWith(prefix) || name.equals(except));
        return metrics;
    }

    /** The registered metrics, each with its labels. */
    public static Map<String, Set<String>> of(MeterRegistry meters) {
        PrometheusNamingConvention naming = new PrometheusNamingConvention();
        Map<String, Set<String>> metrics = new TreeMap<>();
        for (Meter meter : meters.getMeters()) {
            Meter.Id id = meter.getId();
            // the registry of tests shows buckets as gauges of their own
            if (!id.getName().endsWith(".histogram")) {
                metrics.computeIfAbsent(
                                naming.name(id.getName(), id.getType(), id.getBaseUnit()), name -> new TreeSet<>())
                        .addAll(id.getTags().stream().map(Tag::getKey).toList());
            }
        }
        return metrics;
    }

    private static Set<String> labels(String cell) {
        return LABEL.matcher(cell)
                .results()
                .map((MatchResult label) -> label.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String documentation() {
        try {
            return Files.readString(DOCUMENTATION);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
