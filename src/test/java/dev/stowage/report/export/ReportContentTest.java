package dev.stowage.report.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.report.export.ExportedResult.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReportContentTest {

    private static final String FOUND = "2026-11-24T23:07:29Z";

    private static ExportedResult result(Outcome outcome, String name) {
        return new ExportedResult(
                new Subject("apps/v1", "Deployment", name, "uid-" + name),
                "linux/arm64",
                outcome,
                "a message",
                Map.of("reason", "Runs"));
    }

    @Test
    @DisplayName("every field of an OpenReports result")
    void openReports() {
        Map<String, Object> content =
                ReportContent.of(ExportFormat.OPENREPORTS, "shop", List.of(result(Outcome.FAIL, "web")), FOUND);

        assertThat(content)
                .containsEntry("source", "stowage")
                .containsEntry("configuration", Map.of("limits", Map.of("maxResults", 100)))
                .containsEntry("summary", Map.of("pass", 0, "fail", 1, "warn", 0, "error", 0, "skip", 0))
                .containsEntry(
                        "results",
                        List.of(Map.ofEntries(
                                Map.entry("source", "stowage"),
                                Map.entry("policy", "image-platforms"),
                                Map.entry("rule", "linux/arm64"),
                                Map.entry("category", "Image platforms"),
                                Map.entry("severity", "high"),
                                Map.entry("result", "fail"),
                                Map.entry("scored", true),
                                Map.entry("message", "a message"),
                                Map.entry("timestamp", Map.of("seconds", 1_795_561_649L, "nanos", 0)),
                                Map.entry(
                                        "resources",
                                        List.of(Map.of(
                                                "apiVersion", "apps/v1",
                                                "kind", "Deployment",
                                                "namespace", "shop",
                                                "name", "web",
                                                "uid", "uid-web"))),
                                Map.entry("properties", Map.of("reason", "Runs")))));
    }

    @Test
    @DisplayName("a PolicyReport has the same results, and no fields that its API lacks")
    void policyReport() {
        List<ExportedResult> all = List.of(result(Outcome.WARN, "web"), result(Outcome.PASS, "api"));

        Map<String, Object> content = ReportContent.of(ExportFormat.POLICYREPORT, "shop", all, FOUND);

        assertThat(content).containsOnlyKeys("summary", "results");
        assertThat(content.get("results"))
                .isEqualTo(ReportContent.of(ExportFormat.OPENREPORTS, "shop", all, FOUND)
                        .get("results"));
    }

    @Test
    @DisplayName("at most 100 results, the first ones, and a summary of all")
    void bounded() {
        List<ExportedResult> all = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            all.add(result(i < 3 ? Outcome.FAIL : Outcome.PASS, "web-" + i));
        }

        Map<String, Object> content = ReportContent.of(ExportFormat.OPENREPORTS, "shop", all, FOUND);

        assertThat((List<?>) content.get("results")).hasSize(100);
        assertThat(content).containsEntry("summary", Map.of("pass", 127, "fail", 3, "warn", 0, "error", 0, "skip", 0));
    }

    @Test
    @DisplayName("without a time there is no timestamp")
    void noTime() {
        assertThat(ReportContent.of(ExportFormat.OPENREPORTS, "shop", List.of(result(Outcome.ERROR, "web")), null)
                        .toString())
                .doesNotContain("timestamp");
    }

    @Test
    @DisplayName("what the API server does not know of an object is left out")
    void unknownOwner() {
        ExportedResult result =
                new ExportedResult(new Subject("", "Rollout", "web", ""), "image", Outcome.SKIP, "a message", Map.of());

        assertThat(result.fields("shop"))
                .containsEntry("resources", List.of(Map.of("kind", "Rollout", "namespace", "shop", "name", "web")))
                .doesNotContainKey("severity");
    }
}
