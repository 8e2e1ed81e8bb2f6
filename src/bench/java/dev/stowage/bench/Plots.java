package dev.stowage.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Plots what a decision costs as things grow, as text, from the results that JMH wrote. */
public final class Plots {

    private static final String DECISION = "DecisionBenchmark.by";
    private static final int WIDTH = 48;

    private record Point(String size, double micros, double error, double kilobytes) {}

    private Plots() {}

    /**
     * Prints them.
     *
     * @param args the file of JMH's results (JSON, with its gc profiler)
     */
    public static void main(String... args) throws IOException {
        Map<String, List<Point>> curves = new LinkedHashMap<>();
        for (JsonNode result : new ObjectMapper().readTree(new File(args[0]))) {
            String name = result.path("benchmark").asText();
            int at = name.indexOf(DECISION);
            JsonNode size = result.path("params").elements().hasNext()
                    ? result.path("params").elements().next()
                    : null;
            if (at >= 0 && size != null) {
                JsonNode metric = result.path("primaryMetric");
                JsonNode secondary = result.path("secondaryMetrics");
                double bytes = secondary
                        .path("gc.alloc.rate.norm")
                        .path("score")
                        .asDouble(secondary
                                .path("\u00b7gc.alloc.rate.norm")
                                .path("score")
                                .asDouble());
                curves.computeIfAbsent(
                                name.substring(at + DECISION.length()).toLowerCase(Locale.ROOT),
                                curve -> new ArrayList<>())
                        .add(new Point(
                                size.asText(),
                                metric.path("score").asDouble(),
                                metric.path("scoreError").asDouble(),
                                bytes / 1e3));
            }
        }
        double most = curves.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::kilobytes)
                .max()
                .orElse(1);
        curves.forEach((name, points) -> {
            for (int i = 0; i < points.size(); i++) {
                Point point = points.get(i);
                System.out.printf(
                        Locale.ROOT,
                        "%-11s %6s  %s %6.0f kB  %8.1f us +- %.1f%n",
                        i == 0 ? name : "",
                        point.size(),
                        bar(point.kilobytes(), most),
                        point.kilobytes(),
                        point.micros(),
                        point.error());
            }
            System.out.println();
        });
    }

    /** A bar as long as a value is in proportion to the largest one, padded to the length of that. */
    public static String bar(double value, double most) {
        int length = (int) Math.max(1, Math.round(WIDTH * value / most));
        return "#".repeat(length) + " ".repeat(WIDTH - length);
    }
}
