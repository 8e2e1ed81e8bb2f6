package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.stowage.config.ConfigLoader;
import dev.stowage.testing.RequiresProgram;
import dev.stowage.tls.CertificateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart as a whole: it renders every way to install, and refuses what cannot be. */
class ChartIT {

    @TempDir
    private Path folder;

    private static final Pattern METRIC = Pattern.compile("\\b(stowage_[a-z_]+)");
    private static final Pattern METER = Pattern.compile("\"(stowage\\.[a-z.]+)\"");

    static Stream<Path> valueSets() {
        return Chart.valueSets();
    }

    @Test
    void helmFindsNothingToSay() {
        LintResult lint = new Helm(Chart.FOLDER).lint().strict().call();

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
        assertThat(lint.getMessages()).noneMatch(line -> line.contains("[WARNING]") || line.contains("[ERROR]"));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    @DisplayName("each way to install renders, and Stowage takes the configuration that comes of it")
    void everyWayToInstall(Path values) throws Exception {
        Chart chart = Chart.with(values);
        Set<String> given = new TreeSet<>();
        Chart.parse(Files.readString(values)).forEach(file -> file.path("extraObjects")
                .forEach(object -> given.add(object.at("/metadata/name").asText())));

        assertThat(chart.objects()).isNotEmpty().allSatisfy(object -> {
            assertThat(object.path("apiVersion").asText()).isNotEmpty();
            assertThat(object.at("/metadata/name").asText()).isNotEmpty();
        });
        assertThat(chart.objects().stream()
                        .filter(object ->
                                !given.contains(object.at("/metadata/name").asText())))
                .allSatisfy(object -> assertThat(object.at("/metadata/labels")
                                .path("helm.sh/chart")
                                .asText())
                        .isEqualTo("stowage-0.1.0"));
        Path ca = Files.writeString(
                folder.resolve("ca.pem"),
                CertificateAuthority.create(Clock.systemUTC(), Duration.ofDays(1))
                        .certificatePem());
        String configuration = chart.all("ConfigMap")
                .get(0)
                .at("/data/stowage.yaml")
                .asText()
                // what a volume would hold
                .replaceAll("/(etc/corp|etc/stowage-trusted-ca|var/run/secrets/\\S+)/[a-z.-]+", ca.toString());
        assertThat(new ConfigLoader(Map.of()).parse(values.toString(), configuration))
                .isNotNull();
    }

    @Test
    @DisplayName("every value is documented in values.yaml and described in the schema, and neither names one more")
    void everyValueIsDescribed() throws Exception {
        JsonNode values = Chart.parse(Files.readString(Chart.FOLDER.resolve("values.yaml")))
                .get(0);
        JsonNode schema = Chart.parse(Files.readString(Chart.FOLDER.resolve("values.schema.json")))
                .get(0);

        assertThat(names(schema.path("properties"))).isEqualTo(withGlobal(names(values)));
        compare(values, schema, "");
    }

    private static Set<String> withGlobal(Set<String> names) {
        names.add("global");
        return names;
    }

    private static void compare(JsonNode values, JsonNode schema, String path) {
        schema.path("properties").fields().forEachRemaining(property -> {
            assertThat(property.getValue().path("description").asText())
                    .as("description of " + path + property.getKey())
                    .isNotEmpty();
            JsonNode value = values.path(property.getKey());
            if (value.isObject() && !value.isEmpty() && property.getValue().has("properties")) {
                assertThat(names(property.getValue().path("properties")))
                        .as(path + property.getKey())
                        .isEqualTo(names(value));
                compare(value, property.getValue(), path + property.getKey() + ".");
            }
        });
    }

    static Stream<List<String>> wrongValues() {
        return Stream.of(
                List.of("replica: 3", "additional properties 'replica' not allowed"),
                List.of("replicas: two", "at '/replicas': got string, want null or integer"),
                List.of("failurePolicy: Maybe", "'/failurePolicy': value must be one of 'Ignore', 'Fail'"),
                List.of("mode: block", "'/mode': value must be one of 'enforce', 'warn', 'audit', 'off'"),
                List.of("image: {digest: latest}", "'/image/digest'"),
                List.of("webhook: {timeoutSeconds: 31}", "'/webhook/timeoutSeconds': maximum: got 31, want 30"),
                List.of("tls: {source: vault}", "'/tls/source'"),
                List.of("terminationGracePeriodSeconds: 5", "'/terminationGracePeriodSeconds': minimum"),
                List.of("config: {modus: warn}", "at '/config': additional properties 'modus' not allowed"),
                List.of("config: {admissionDeadline: soon}", "'/config/admissionDeadline'"),
                List.of("config: {registries: {a: {insecure: yes please}}}", "got string, want boolean"),
                List.of("config: {nodePools: [{name: a}]}", "missing property 'platform'"),
                List.of("ports: {webhook: 443}", "'/ports/webhook': minimum: got 443, want 1,024"),
                List.of("imagePullSecrets: [{nam: a}]", "'/imagePullSecrets/0'"),
                List.of("webhook: {url: 'http://a'}", "'/webhook/url'"),
                List.of("openshift: maybe", "'/openshift'"),
                List.of("global: {imagePullSecrets: [{}]}", "'/global/imagePullSecrets/0'"));
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    @DisplayName("the schema refuses a wrong value and says which and why")
    void wrongValue(List<String> valueAndMessage) {
        assertThatThrownBy(() -> Chart.with(valueAndMessage.get(0))).hasMessageContaining(valueAndMessage.get(1));
    }

    @Test
    @DisplayName("cert-manager is requested and not installed: said at install, with what to do")
    @RequiresProgram("helm")
    void noCertManager() {
        // what Helm knows of a cluster are kinds, too
        assertThatThrownBy(() -> Chart.beside(List.of("v1/Pod"), "tls: {source: cert-manager}"))
                .hasMessageContaining("tls.source is cert-manager, but this cluster has no cert-manager.io/v1 API")
                .hasMessageContaining("install cert-manager first");
    }

    @Test
    @DisplayName(
            "a ServiceMonitor is requested without the Prometheus operator, a given certificate without its authority")
    void otherThingsMissing() {
        assertThatThrownBy(() -> Chart.with("metrics: {serviceMonitor: {enabled: true}}"))
                .hasMessageContaining("install the Prometheus operator first");
        assertThatThrownBy(() -> Chart.with("tls: {source: secret}")).hasMessageContaining("give tls.caBundle");
    }

    @Test
    @DisplayName("the dashboard names only metrics that there are")
    void dashboard() throws Exception {
        String dashboard = Chart.with("metrics: {dashboard: {enabled: true}}")
                .all("ConfigMap")
                .get(1)
                .at("/data/stowage.json")
                .asText();
        Set<String> meters = meters();

        Set<String> shown = METRIC.matcher(dashboard)
                .results()
                .map(match -> match.group(1).replaceFirst("_(seconds|total|bucket|count|sum)$", ""))
                .map(name -> name.replaceFirst("_(seconds)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(shown).isNotEmpty();
        assertThat(meters).containsAll(shown);
    }

    private static Set<String> meters() throws Exception {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            Set<String> names = new TreeSet<>();
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                METER.matcher(Files.readString(source))
                        .results()
                        .map(match -> match.group(1).replace('.', '_'))
                        .forEach(names::add);
            }
            return names;
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
