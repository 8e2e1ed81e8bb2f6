package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus and Grafana get: the monitors and the dashboard, value by value. */
class MonitorsIT {

    private static final String SERVICE_MONITOR = "ServiceMonitor";
    private static final String POD_MONITOR = "PodMonitor";
    private static final String ENDPOINT = "/spec/endpoints/0";
    private static final String POD_ENDPOINT = "/spec/podMetricsEndpoints/0";

    @TempDir
    private Path folder;

    /**
     * One value of one field.
     *
     * @param values what is set of the monitor, in braces
     * @param kind the monitor's kind
     * @param pointer the field
     * @param expected its value as JSON, quotes left out; empty when it is absent
     */
    record Row(String values, String kind, String pointer, String expected) {}

    static Stream<Row> both() {
        return Stream.of(SERVICE_MONITOR, POD_MONITOR).flatMap(kind -> {
            String endpoint = kind.equals(POD_MONITOR) ? POD_ENDPOINT : ENDPOINT;
            return Stream.of(
                    new Row("", kind, "/metadata/namespace", "stowage"),
                    new Row("namespace: monitoring", kind, "/metadata/namespace", "monitoring"),
                    new Row("namespace: monitoring", kind, "/spec/namespaceSelector", "{matchNames:[stowage]}"),
                    new Row("labels: {release: prom}", kind, "/metadata/labels/release", "prom"),
                    new Row("", kind, "/metadata/annotations", ""),
                    new Row("annotations: {a: b}", kind, "/metadata/annotations", "{a:b}"),
                    new Row("", kind, endpoint + "/port", "metrics"),
                    new Row("", kind, endpoint + "/interval", "30s"),
                    new Row("interval: 1m", kind, endpoint + "/interval", "1m"),
                    new Row("", kind, endpoint + "/scrapeTimeout", ""),
                    new Row("scrapeTimeout: 5s", kind, endpoint + "/scrapeTimeout", "5s"),
                    new Row("", kind, endpoint + "/honorLabels", ""),
                    new Row("honorLabels: true", kind, endpoint + "/honorLabels", "true"),
                    new Row("", kind, "/spec/jobLabel", ""),
                    new Row("jobLabel: app", kind, "/spec/jobLabel", "app"),
                    new Row("", kind, "/spec/podTargetLabels", ""),
                    new Row("podTargetLabels: [team]", kind, "/spec/podTargetLabels", "[team]"),
                    new Row("", kind, "/spec/sampleLimit", ""),
                    new Row("sampleLimit: 20000", kind, "/spec/sampleLimit", "20000"),
                    new Row("", kind, endpoint + "/metricRelabelings", ""),
                    new Row(
                            "metricRelabelings: [{action: labeldrop, regex: pod}]",
                            kind,
                            endpoint + "/metricRelabelings",
                            "[{action:labeldrop,regex:pod}]"));
        });
    }

    static Stream<Row> single() {
        return Stream.of(
                new Row("", SERVICE_MONITOR, ENDPOINT + "/relabelings", ""),
                new Row(
                        "relabelings: [{targetLabel: a, replacement: b}]",
                        SERVICE_MONITOR,
                        ENDPOINT + "/relabelings",
                        "[{replacement:b,targetLabel:a}]"),
                new Row("", SERVICE_MONITOR, "/spec/targetLabels", ""),
                new Row("targetLabels: [team]", SERVICE_MONITOR, "/spec/targetLabels", "[team]"),
                // as the operator sets job for a ServiceMonitor: to the name of the Service
                new Row("", POD_MONITOR, POD_ENDPOINT + "/relabelings", "[{replacement:stowage,targetLabel:job}]"),
                new Row("jobLabel: app", POD_MONITOR, POD_ENDPOINT + "/relabelings", ""),
                new Row(
                        "relabelings: [{targetLabel: a, replacement: b}]",
                        POD_MONITOR,
                        POD_ENDPOINT + "/relabelings",
                        "[{replacement:stowage,targetLabel:job},{replacement:b,targetLabel:a}]"));
    }

    @ParameterizedTest
    @MethodSource({"both", "single"})
    void value(Row row) {
        String monitor =
                Character.toLowerCase(row.kind().charAt(0)) + row.kind().substring(1);
        Chart chart = Chart.with("metrics: {" + monitor + ": {enabled: true, " + row.values() + "}}");

        assertThat(chart.one(row.kind()).at(row.pointer()).toString().replace("\"", ""))
                .isEqualTo(row.expected());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stowage", "edge"})
    @DisplayName("the monitors select the Service and the pods of their release, and of no other")
    void ownRelease(String release) {
        for (String other : List.of("stowage", "edge")) {
            Chart chart = Chart.release(other, "");
            JsonNode monitor = Chart.release(release, "metrics: {serviceMonitor: {enabled: true}}")
                    .one(SERVICE_MONITOR);
            JsonNode pods = Chart.release(release, "metrics: {podMonitor: {enabled: true}}")
                    .one(POD_MONITOR);

            assertThat(selects(monitor, chart.one("Service").at("/metadata/labels")))
                    .isEqualTo(release.equals(other));
            assertThat(selects(pods, chart.one("Deployment").at("/spec/template/metadata/labels")))
                    .isEqualTo(release.equals(other));
        }
    }

    private static boolean selects(JsonNode monitor, JsonNode labels) {
        JsonNode wanted = monitor.at("/spec/selector/matchLabels");
        assertThat(wanted).isNotEmpty();
        return wanted.properties().stream().allMatch(label -> label.getValue().equals(labels.path(label.getKey())));
    }

    @Test
    @DisplayName("the monitored port is one of the Service and of the container")
    void port() {
        Chart chart = Chart.with("");

        assertThat(chart.one("Service").at("/spec/ports").findValuesAsText("name"))
                .contains("metrics");
        assertThat(chart.container().at("/ports").findValuesAsText("name")).contains("metrics");
    }

    @Test
    @DisplayName("both monitors at once are refused: every pod would be scraped twice")
    void bothMonitors() {
        assertThatThrownBy(() -> Chart.with("metrics: {serviceMonitor: {enabled: true}, podMonitor: {enabled: true}}"))
                .hasMessageContaining("metrics.serviceMonitor.enabled and metrics.podMonitor.enabled are both true");
    }

    @ParameterizedTest
    @CsvSource({"serviceMonitor, ServiceMonitor", "podMonitor, PodMonitor", "prometheusRule, PrometheusRule"})
    @DisplayName("they render without a cluster that has the Prometheus operator; by default none is there")
    void withoutTheOperator(String value, String kind) {
        assertThat(Chart.with("metrics: {" + value + ": {enabled: true}}").all(kind))
                .hasSize(1);
        assertThat(Chart.with("").all(kind)).isEmpty();
    }

    @Test
    @RequiresApiServer
    @DisplayName("a cluster without their kinds takes nothing of the release, and Helm says what is missing")
    void installedWithoutTheOperator() throws IOException {
        try (ApiServer server = ApiServer.own();
                KubernetesClient client = server.client()) {
            Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());

            assertThatThrownBy(() -> new Helm(Chart.FOLDER)
                            .install()
                            .withName("stowage-metrics")
                            .withNamespace(Chart.NAMESPACE)
                            .withKubeConfig(kubeconfig)
                            .set("crds.enabled", "false")
                            .set("metrics.serviceMonitor.enabled", "true")
                            .call())
                    .hasMessageContaining(
                            "no matches for kind \"ServiceMonitor\" in version \"monitoring.coreos.com/v1\"")
                    .hasMessageContaining("ensure CRDs are installed first");
            assertThat(client.rbac().clusterRoles().withName("stowage-metrics").get())
                    .isNull();
        }
    }

    @Test
    @DisplayName("metrics.byNamespace is the application's key; what the configuration says wins")
    void byNamespace() {
        String key = "/metrics/byNamespace";

        assertThat(Chart.with("").configuration().at(key).isMissingNode()).isTrue();
        assertThat(Chart.with("metrics: {byNamespace: true}")
                        .configuration()
                        .at(key)
                        .asBoolean())
                .isTrue();
        assertThat(Chart.with("{metrics: {byNamespace: true}, config: {metrics: {byNamespace: false}}}")
                        .configuration()
                        .at(key)
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    @DisplayName("the dashboard's ConfigMap: namespace, labels, annotations, folder")
    void dashboardConfigMap() {
        JsonNode usual = dashboard("stowage", "").at("/metadata");
        JsonNode set = dashboard(
                        "stowage", "namespace: grafana, folder: Admission, annotations: {a: b}, labels: {team: x}")
                .at("/metadata");

        assertThat(usual.path("namespace").asText()).isEqualTo("stowage");
        assertThat(usual.has("annotations")).isFalse();
        assertThat(usual.at("/labels/grafana_dashboard").asText()).isEqualTo("1");
        assertThat(set.path("namespace").asText()).isEqualTo("grafana");
        assertThat(set.path("annotations").toString()).isEqualTo("{\"a\":\"b\",\"grafana_folder\":\"Admission\"}");
        assertThat(set.at("/labels/team").asText()).isEqualTo("x");
    }

    @Test
    @DisplayName(
            "the dashboard reads from the chosen data source, job and namespace everywhere, and has an identifier by release")
    void dashboardJson() throws IOException {
        JsonNode dashboard = json("stowage");
        List<JsonNode> sources = new ArrayList<>(dashboard.path("panels").findValues("datasource"));
        dashboard.at("/templating/list").findValues("datasource").forEach(sources::add);

        assertThat(sources).hasSizeGreaterThan(10).allSatisfy(source -> assertThat(source.toString())
                .isEqualTo("{\"type\":\"prometheus\",\"uid\":\"${datasource}\"}"));
        assertThat(dashboard.path("panels").findValuesAsText("expr"))
                .isNotEmpty()
                .allSatisfy(expression -> {
                    int selectors = expression.split("\\{", -1).length - 1;
                    assertThat(expression.split("\\{namespace=~\"\\$namespace\",job=~\"\\$job\"", -1))
                            .as(expression)
                            .hasSize(selectors + 1);
                });
        assertThat(dashboard.at("/templating/list").findValuesAsText("name"))
                .containsExactly("datasource", "namespace", "job");
        assertThat(dashboard.path("panels").findValuesAsText("id")).doesNotHaveDuplicates();
        assertThat(dashboard.path("uid").asText()).isEqualTo("stowage");
        assertThat(json("edge").path("uid").asText()).isEqualTo("edge-stowage");
    }

    private static JsonNode json(String release) throws IOException {
        return new ObjectMapper()
                .readTree(dashboard(release, "").at("/data/stowage.json").asText());
    }

    private static JsonNode dashboard(String release, String values) {
        return Chart.release(release, "metrics: {dashboard: {enabled: true, " + values + "}}").all("ConfigMap").stream()
                .filter(map -> map.at("/metadata/name").asText().endsWith("-dashboard"))
                .findFirst()
                .orElseThrow();
    }
}
