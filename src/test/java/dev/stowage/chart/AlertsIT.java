package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.testing.MetricsTable;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alerts of the chart, as the real promtool reads and evaluates them. */
class AlertsIT {

    private static final Path PAGE = Path.of("docs", "operations.md");
    private static final String ENABLED = "metrics: {prometheusRule: {enabled: true}}";
    private static final Pattern METRIC = Pattern.compile("\\bstowage_\\w+");
    private static final Pattern OURS = Pattern.compile("\\bstowage_\\w+\\{namespace=\"stowage\",job=\"stowage\"");

    @TempDir
    private Path folder;

    @Test
    @RequiresProgram("promtool")
    @DisplayName(
            "each alert fires in its case, and neither at its edge, nor where all is well, nor for another release")
    void evaluated() throws Exception {
        rules(ENABLED);
        Path tests = folder.resolve("alerts-test.yaml");
        try (InputStream resource = AlertsIT.class.getResourceAsStream("alerts-test.yaml")) {
            Files.copy(Objects.requireNonNull(resource), tests);
        }

        Program.Result result = Program.named("promtool").run("test", "rules", tests.toString());

        assertThat(result.code()).as(result.out()).isZero();
        assertThat(firingIn(tests)).isEqualTo(names(alerts(ENABLED)));
    }

    static Stream<String> valid() {
        return Stream.of(
                ENABLED,
                "failurePolicy: Fail\n" + ENABLED,
                "metrics: {prometheusRule: {enabled: true, interval: 15s, selector: 'cluster=\"a\",app=~\"stowage.*\"'}}",
                "metrics: {prometheusRule: {enabled: true, alerts: {StowageReviewsSlow: {seconds: 0.25, window: 1h30m, for: 0s}}}}");
    }

    @ParameterizedTest
    @MethodSource("valid")
    @RequiresProgram("promtool")
    @DisplayName("promtool finds nothing wrong with what is rendered")
    void checked(String values) throws Exception {
        Program.Result result = Program.named("promtool")
                .run(
                        "check",
                        "rules",
                        "--lint=all",
                        "--lint-fatal",
                        rules(values).toString());

        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.out()).contains("8 rules found");
    }

    @Test
    @DisplayName("each alert says what it is about, and its runbook is a section of the page")
    void runbooks() throws Exception {
        String page = Files.readString(PAGE);
        Set<String> headings = Pattern.compile("(?m)^### (Stowage\\w+)$")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        List<JsonNode> alerts = alerts(ENABLED);

        assertThat(alerts).hasSize(8).allSatisfy(alert -> {
            assertThat(alert.at("/annotations/summary").asText()).isNotEmpty();
            assertThat(alert.at("/annotations/description").asText()).endsWith(".");
            assertThat(alert.at("/annotations/runbook_url").asText())
                    .isEqualTo("https://github.com/stowage-dev/stowage/blob/main/docs/operations.md#"
                            + alert.path("alert").asText().toLowerCase(Locale.ROOT));
        });
        assertThat(names(alerts)).isEqualTo(headings);
        for (String heading : headings) {
            assertThat(section(page, heading)).contains("**Meaning.**", "**Impact.**", "**Look at**", "**Fix.**");
        }
    }

    private static String section(String page, String heading) {
        return page.split("(?m)^### " + heading + "$")[1].split("(?m)^##+ ")[0];
    }

    @Test
    @DisplayName("the alerts use documented metrics of this release only")
    void metrics() throws Exception {
        Set<String> documented = MetricsTable.documented().keySet();

        for (JsonNode alert : alerts(ENABLED)) {
            String expression = alert.path("expr").asText();
            assertThat(METRIC.matcher(expression)
                            .results()
                            .map(MatchResult::group)
                            .map(name -> documented.contains(name) ? name : name.replaceFirst("_(bucket|count)$", "")))
                    .isSubsetOf(documented);
            assertThat(METRIC.matcher(expression).results())
                    .hasSameSizeAs(OURS.matcher(expression).results().toList());
        }
    }

    /**
     * One value of an alert.
     *
     * @param values what is set
     * @param alert the alert
     * @param expected a part of the rule that it becomes, as JSON
     */
    record Row(String values, String alert, String expected) {}

    static Stream<Row> rows() {
        String down = "StowageDown";
        String slow = "StowageReviewsSlow";
        String calls = "StowageCallsFailing";
        return Stream.of(
                new Row("", down, "absent(up{namespace=\\\"stowage\\\",job=\\\"stowage\\\"} == 1)"),
                new Row("fullnameOverride: edge", down, "absent(up{namespace=\\\"stowage\\\",job=\\\"edge\\\"} == 1)"),
                new Row("/selector: app=\"a\"", down, "absent(up{app=\\\"a\\\"} == 1)"),
                new Row("/StowageDown/for: 1m", down, "\"for\":\"1m\""),
                new Row("/StowageDown/severity: page", down, "\"severity\":\"page\""),
                new Row("/additionalRuleLabels: {team: platform}", down, "\"team\":\"platform\""),
                new Row("/runbookUrl: https://wiki.example/p", down, "\"https://wiki.example/p#stowagedown\""),
                new Row("", down, "workloads are admitted unchecked."),
                new Row("failurePolicy: Fail", down, "no pod or workload can be created."),
                new Row("", calls, "\"severity\":\"warning\""),
                new Row("failurePolicy: Fail", calls, "\"severity\":\"critical\""),
                new Row("/StowageCallsFailing/calls: 3", calls, ") > 3"),
                new Row("/StowageCallsFailing/window: 1h", calls, "offset 1h == 1"),
                new Row("", slow, "[10m]))) > 4\\n"),
                new Row("config: {admissionDeadline: 2500ms}", slow, "[10m]))) > 2\\n"),
                new Row("webhook: {timeoutSeconds: 3}", slow, "[10m]))) > 1.6\\n"),
                new Row("/StowageReviewsSlow/seconds: 0.5", slow, "[10m]))) > 0.5\\n"),
                new Row("/StowageReviewsSlow/reviews: 7", slow, "[10m])) >= 7"),
                new Row("/StowageReviewsUnchecked/share: 0.5", "StowageReviewsUnchecked", "[15m])) > 0.5\\n"),
                new Row("/StowageReviewsUnchecked/reviews: 9", "StowageReviewsUnchecked", "[15m])) >= 9"),
                new Row("/StowageCertificateExpiring/days: 2", "StowageCertificateExpiring", "< 2 * 86400"),
                new Row("/StowageReportsStalled/window: 2h", "StowageReportsStalled", "[2h:1m]) > 0"),
                new Row("/StowageRegistryFailing/share: 0.9", "StowageRegistryFailing", "[15m])) > 0.9"),
                new Row("/StowageRegistryFailing/requests: 8", "StowageRegistryFailing", "[15m])) >= 8"),
                new Row("/StowageImagesUnresolved/share: 0.9", "StowageImagesUnresolved", "> 0.9\\n"),
                new Row("/StowageImagesUnresolved/images: 8", "StowageImagesUnresolved", ">= 8"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void value(Row row) {
        assertThat(alerts(withRule(row.values())))
                .filteredOn(alert -> alert.path("alert").asText().equals(row.alert()))
                .singleElement()
                .satisfies(alert -> assertThat(alert.toString()).contains(row.expected()));
    }

    /** {@code /a: b} is the value {@code a} of the rule, {@code /Alert/a: b} that of an alert. */
    private static String withRule(String values) {
        if (!values.startsWith("/")) {
            return ENABLED + "\n" + values;
        }
        String[] path = values.substring(1).split("/(?=\\w+: )", 2);
        String inside = path.length == 1 ? path[0] : "alerts: {" + path[0] + ": {" + path[1] + "}}";
        return "metrics: {prometheusRule: {enabled: true, " + inside + "}}";
    }

    @Test
    @DisplayName("a disabled alert is left out, the others stay; by default there is no rule at all")
    void leftOut() {
        String values = "metrics: {prometheusRule: {enabled: true, alerts: {StowageReportsStalled: {enabled: false}}}}";

        assertThat(names(alerts(values))).hasSize(7).doesNotContain("StowageReportsStalled");
        assertThat(Chart.with("").all("PrometheusRule")).isEmpty();
    }

    private static List<JsonNode> alerts(String values) {
        List<JsonNode> alerts = new ArrayList<>();
        Chart.with(values).one("PrometheusRule").at("/spec/groups/0/rules").forEach(alerts::add);
        return alerts;
    }

    private static Set<String> names(List<JsonNode> alerts) {
        return alerts.stream()
                .map(alert -> alert.path("alert").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The rule as Prometheus reads it, which is what stands under {@code spec}. */
    private Path rules(String values) throws IOException {
        return Files.writeString(
                folder.resolve("rules.yaml"),
                new ObjectMapper(new YAMLFactory())
                        .writeValueAsString(
                                Chart.with(values).one("PrometheusRule").path("spec")));
    }

    /** The alerts that promtool's tests see firing with their texts. */
    private static Set<String> firingIn(Path tests) throws IOException {
        Set<String> firing = new TreeSet<>();
        for (JsonNode test : Chart.parse(Files.readString(tests)).get(0).path("tests")) {
            for (JsonNode expectation : test.path("alert_rule_test")) {
                if (expectation.path("exp_alerts").size() > 0) {
                    firing.add(expectation.path("alertname").asText());
                }
            }
        }
        return firing;
    }
}
