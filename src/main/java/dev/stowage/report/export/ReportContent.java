package dev.stowage.report.export;

import dev.stowage.report.status.Timestamps;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Stowage writes into a report of the Policy Working Group, without its metadata. The names are stable (docs/compatibility.md). */
final class ReportContent {

    /** The most results of one report; the summary counts all. */
    static final int MAX_RESULTS = 100;

    private static final String SOURCE = "stowage";
    private static final String POLICY = "image-platforms";
    private static final String CATEGORY = "Image platforms";

    private ReportContent() {}

    /**
     * The fields by name.
     *
     * @param all all results, the worst first
     * @param found the time at which they were found, RFC 3339; null if it is not known
     */
    static Map<String, Object> of(ExportFormat format, String namespace, List<ExportedResult> all, String found) {
        Map<String, Object> content = new LinkedHashMap<>();
        if (format.describesReport()) {
            content.put("source", SOURCE);
            content.put("configuration", Map.of("limits", Map.of("maxResults", MAX_RESULTS)));
        }
        content.put("summary", summary(all));
        Optional<Instant> time = Timestamps.parse(found);
        content.put(
                "results",
                all.stream()
                        .limit(MAX_RESULTS)
                        .map(result -> fields(result, namespace, time))
                        .toList());
        return content;
    }

    private static Map<String, Object> fields(ExportedResult result, String namespace, Optional<Instant> found) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("source", SOURCE);
        fields.put("policy", POLICY);
        fields.put("category", CATEGORY);
        found.ifPresent(
                time -> fields.put("timestamp", Map.of("seconds", time.getEpochSecond(), "nanos", time.getNano())));
        fields.putAll(result.fields(namespace));
        return fields;
    }

    private static Map<String, Integer> summary(List<ExportedResult> all) {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        all.forEach(result -> counts.merge(result.outcome(), 1, Integer::sum));
        Map<String, Integer> summary = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            summary.put(outcome.label(), counts.getOrDefault(outcome, 0));
        }
        return summary;
    }
}
