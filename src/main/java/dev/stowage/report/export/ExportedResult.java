package dev.stowage.report.export;

import dev.stowage.report.api.ImageReport;
import dev.stowage.report.usage.ImageUsage.ImageUser;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known about an image for one workload on one platform.
 *
 * @param subject the workload; the ImageReport if no workload uses the image
 * @param rule the platform, or {@link #WHOLE_IMAGE}
 * @param message one sentence
 * @param properties details by name
 */
record ExportedResult(Subject subject, String rule, Outcome outcome, String message, Map<String, String> properties) {

    /** The rule of results that concern no platform in particular. */
    static final String WHOLE_IMAGE = "image";

    /** The worst first; always the same order, so that nothing is written without a change. */
    static final Comparator<ExportedResult> ORDER = Comparator.comparing(ExportedResult::outcome)
            .thenComparing(result -> result.subject().kind())
            .thenComparing(result -> result.subject().name())
            .thenComparing(result -> result.subject().apiVersion())
            .thenComparing(ExportedResult::rule);

    /**
     * The object that a result is about.
     *
     * @param apiVersion empty if it is not known
     * @param uid empty if it is not known
     */
    record Subject(String apiVersion, String kind, String name, String uid) {

        static Subject of(ImageUser user) {
            return new Subject(user.apiVersion(), user.kind(), user.name(), user.uid());
        }

        static Subject of(ImageReport report) {
            return new Subject(
                    report.getApiVersion(),
                    report.getKind(),
                    report.getMetadata().getName(),
                    report.getMetadata().getUid());
        }

        private Map<String, Object> reference(String namespace) {
            Map<String, Object> reference = new LinkedHashMap<>();
            reference.put("apiVersion", apiVersion);
            reference.put("kind", kind);
            reference.put("namespace", namespace);
            reference.put("name", name);
            reference.put("uid", uid);
            reference.values().removeIf(""::equals);
            return reference;
        }
    }

    ExportedResult {
        properties = Map.copyOf(properties);
    }

    /** The fields of the API that differ from result to result. */
    Map<String, Object> fields(String namespace) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("rule", rule);
        fields.put("result", outcome.label());
        fields.put("scored", outcome != Outcome.WARN);
        outcome.severity().ifPresent(severity -> fields.put("severity", severity));
        fields.put("message", message);
        fields.put("resources", List.of(subject.reference(namespace)));
        fields.put("properties", properties);
        return fields;
    }
}
