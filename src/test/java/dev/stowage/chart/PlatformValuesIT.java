package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The values that fit an installation to where it runs: image, network, security contexts, additions to pods and objects. */
class PlatformValuesIT {

    private static final String POD = "/spec/template/spec";
    private static final String CONTAINER = POD + "/containers/0";
    private static final List<String> OPENSHIFT = List.of("security.openshift.io/v1");

    static Stream<ValuesIT.Row> podRows() {
        return Stream.of(
                row("imagePullSecrets: [a, {name: b}]", POD + "/imagePullSecrets", "[{name:a},{name:b}]"),
                row("global: {imagePullSecrets: [a, {name: b}]}", POD + "/imagePullSecrets", "[{name:a},{name:b}]"),
                row(
                        "{global: {imagePullSecrets: [g]}, imagePullSecrets: [{name: a}], image: {pullSecrets: [i, a]}}",
                        POD + "/imagePullSecrets",
                        "[{name:g},{name:a},{name:i}]"),
                row(
                        "",
                        POD + "/securityContext",
                        "{fsGroup:1001,runAsGroup:1001,runAsNonRoot:true,runAsUser:1001,seccompProfile:{type:RuntimeDefault}}"),
                row(
                        "podSecurityContext: {runAsUser: null, runAsGroup: 7, fsGroup: null, supplementalGroups: [3]}",
                        POD + "/securityContext",
                        "{runAsGroup:7,runAsNonRoot:true,seccompProfile:{type:RuntimeDefault},supplementalGroups:[3]}"),
                row(
                        "securityContext: {capabilities: null, privileged: false}",
                        CONTAINER + "/securityContext",
                        "{allowPrivilegeEscalation:false,privileged:false,readOnlyRootFilesystem:true}"),
                row(
                        "openshift: true",
                        POD + "/securityContext",
                        "{runAsNonRoot:true,seccompProfile:{type:RuntimeDefault}}"),
                row("envFrom: [{secretRef: {name: proxy}}]", CONTAINER + "/envFrom", "[{secretRef:{name:proxy}}]"),
                row("extraArgs: [--a, b]", CONTAINER + "/args", "[serve,--a,b]"),
                row(
                        "extraInitContainers: [{name: wait, image: 'a:{{ .Chart.AppVersion }}'}]",
                        POD + "/initContainers",
                        "[{image:a:0.1.0,name:wait}]"),
                row("extraContainers: [{name: mesh, image: b}]", POD + "/containers/1", "{image:b,name:mesh}"),
                row("commonLabels: {team: a}", "/metadata/labels/team", "a"),
                row("commonLabels: {team: a}", "/spec/template/metadata/labels/team", "a"),
                row("commonLabels: {team: a}", "/spec/selector/matchLabels/team", ""),
                row("{commonLabels: {team: a}, podLabels: {team: b}}", "/spec/template/metadata/labels/team", "b"),
                row("commonAnnotations: {team: a}", "/metadata/annotations/team", "a"),
                row("", "/spec/revisionHistoryLimit", ""),
                row("revisionHistoryLimit: 0", "/spec/revisionHistoryLimit", "0"),
                row("updateStrategy: {type: Recreate}", "/spec/strategy", "{type:Recreate}"),
                row("replicas: null", "/spec/replicas", ""),
                row("{replicas: 0, podDisruptionBudget: {enabled: false}}", "/spec/replicas", "0"),
                row(
                        "topologySpreadConstraints: [{topologyKey: rack, maxSkew: 2, whenUnsatisfiable: DoNotSchedule}]",
                        POD + "/topologySpreadConstraints/0/labelSelector/matchLabels/app.kubernetes.io~1component",
                        "webhook"),
                row(
                        "topologySpreadConstraints: [{topologyKey: rack, labelSelector: {matchLabels: {a: b}}}]",
                        POD + "/topologySpreadConstraints",
                        "[{labelSelector:{matchLabels:{a:b}},topologyKey:rack}]"),
                row("trustedCA: {configMap: corp}", POD + "/volumes/2", "{name:trusted-ca,configMap:{name:corp}}"),
                row(
                        "trustedCA: {configMap: corp}",
                        CONTAINER + "/volumeMounts/2",
                        "{name:trusted-ca,mountPath:/etc/stowage-trusted-ca,readOnly:true}"));
    }

    static Stream<ValuesIT.Row> networkRows() {
        String affinity = POD + "/affinity";
        String url = "/webhooks/0/clientConfig/url";
        String hook = "ValidatingWebhookConfiguration";
        return Stream.of(
                row("", POD + "/hostNetwork", ""),
                row("", POD + "/dnsPolicy", ""),
                row("hostNetwork: true", POD + "/hostNetwork", "true"),
                row("hostNetwork: true", POD + "/dnsPolicy", "ClusterFirstWithHostNet"),
                row("{hostNetwork: true, dnsPolicy: Default}", POD + "/dnsPolicy", "Default"),
                row("hostNetwork: true", "/spec/strategy/rollingUpdate", "{maxUnavailable:1,maxSurge:0}"),
                row(
                        "hostNetwork: true",
                        affinity + "/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/topologyKey",
                        "kubernetes.io/hostname"),
                row("{hostNetwork: true, affinity: {nodeAffinity: {}}}", affinity + "/nodeAffinity", "{}"),
                row("{hostNetwork: true, affinity: {podAntiAffinity: {a: b}}}", affinity + "/podAntiAffinity", "{a:b}"),
                row(
                        "ports: {webhook: 10250, metrics: 9090}",
                        CONTAINER + "/ports",
                        "[{name:webhook,containerPort:10250},{name:metrics,containerPort:9090}]"),
                row("ports: {metrics: 9090}", CONTAINER + "/env/2", "{name:QUARKUS_MANAGEMENT_PORT,value:9090}"),
                new ValuesIT.Row(
                        "webhook: {url: 'https://10.0.0.1:8443'}", hook, url, "https://10.0.0.1:8443/validate"),
                new ValuesIT.Row("webhook: {url: 'https://a.example/'}", hook, url, "https://a.example/validate"),
                new ValuesIT.Row("webhook: {url: 'https://a.example/x'}", hook, url, "https://a.example/x"),
                new ValuesIT.Row("webhook: {url: 'https://a.example'}", hook, "/webhooks/0/clientConfig/service", ""),
                new ValuesIT.Row("service: {annotations: {a: b}}", "Service", "/metadata/annotations/a", "b"),
                new ValuesIT.Row("service: {labels: {c: d}}", "Service", "/metadata/labels/c", "d"),
                new ValuesIT.Row("service: {ipFamilies: [IPv6, IPv4]}", "Service", "/spec/ipFamilies", "[IPv6,IPv4]"),
                new ValuesIT.Row(
                        "service: {ipFamilyPolicy: PreferDualStack}",
                        "Service",
                        "/spec/ipFamilyPolicy",
                        "PreferDualStack"),
                new ValuesIT.Row("", "Service", "/spec/ipFamilyPolicy", ""),
                new ValuesIT.Row(
                        "ports: {metrics: 9090}",
                        "Service",
                        "/spec/ports",
                        "[{name:webhook,port:443,targetPort:webhook},{name:metrics,port:9090,targetPort:metrics}]"));
    }

    private static ValuesIT.Row row(String values, String pointer, String expected) {
        return new ValuesIT.Row(values, "Deployment", pointer, expected);
    }

    @ParameterizedTest
    @MethodSource({"podRows", "networkRows"})
    void value(ValuesIT.Row row) {
        assertThat(ValuesIT.plain(Chart.with(row.values()).one(row.kind()).at(row.pointer())))
                .isEqualTo(row.expected());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image: {registry: mirror.example}|mirror.example/stowage-dev/stowage:0.1.0",
                "image: {registry: mirror.example/ghcr/}|mirror.example/ghcr/stowage-dev/stowage:0.1.0",
                "image: {registry: 'm:5000', repository: a/b}|m:5000/a/b:0.1.0",
                "image: {registry: 'm:5000', repository: stowage}|m:5000/stowage:0.1.0",
                "image: {registry: 'm:5000', repository: localhost/a}|m:5000/a:0.1.0",
                "global: {imageRegistry: mirror.example}|mirror.example/stowage-dev/stowage:0.1.0",
                "{global: {imageRegistry: a.example}, image: {registry: b.example}}|b.example/stowage-dev/stowage:0.1.0",
                "{global: {imageRegistry: null}, image: {repository: a.example/b}}|a.example/b:0.1.0",
            })
    @DisplayName("the registry replaces that of the repository")
    void registry(String values, String image) {
        assertThat(Chart.with(values).container().path("image").asText()).isEqualTo(image);
    }

    @Test
    @DisplayName("ports, the lease, the URL and the CA are in the configuration, where they are not the usual ones")
    void configuration() {
        JsonNode usual = Chart.with("").configuration();
        JsonNode other = Chart.release(
                        "other",
                        "{ports: {webhook: 10250}, trustedCA: {configMap: a, key: b.crt},"
                                + " webhook: {url: 'https://[fd00::1]:444'}, config: {tls: {subjectAltNames: [c]}}}")
                .configuration();

        assertThat(usual.has("server") || usual.has("trustedCa") || usual.has("reports"))
                .isFalse();
        assertThat(other.at("/server/port").asInt()).isEqualTo(10250);
        assertThat(other.at("/reports/lease").asText()).isEqualTo("other-stowage-reports");
        assertThat(other.path("trustedCa").asText()).isEqualTo("/etc/stowage-trusted-ca/b.crt");
        assertThat(Chart.texts(other.at("/tls/subjectAltNames"))).containsExactly("c", "fd00::1");
        assertThat(other.at("/tls/secretPath").asBoolean(true))
                .as("the path of a URL is the chart's, which Stowage must not change")
                .isFalse();
    }

    @Test
    @DisplayName("two releases in a namespace do not share the lease by which the keeper of the reports is chosen")
    void lease() {
        assertThat(leases(Chart.with(""))).containsExactly("stowage-reports");
        assertThat(leases(Chart.release("other", ""))).containsExactly("other-stowage-reports");
        assertThat(leases(Chart.with("config: {reports: {lease: mine}}"))).containsExactly("mine");
    }

    private static List<String> leases(Chart chart) {
        return Chart.texts(chart.all("Role").get(0).at("/rules/0/resourceNames"));
    }

    @Test
    @DisplayName("every object has the common labels and annotations, those of a test included")
    @RequiresProgram("helm")
    void common() throws Exception {
        Chart chart = Chart.beside(
                ForeignKinds.APIS,
                "{commonLabels: {team: a}, commonAnnotations: {team: b}, networkPolicy: {enabled: true},"
                        + " tls: {source: cert-manager}, rbac: {pullSecrets: {namespaces: [c]}}, metrics: {podMonitor:"
                        + " {enabled: true}, prometheusRule: {enabled: true}, dashboard: {enabled: true}}}");

        assertThat(chart.objects()).hasSizeGreaterThan(23).allSatisfy(object -> {
            assertThat(object.at("/metadata/labels/team").asText()).isEqualTo("a");
            assertThat(object.at("/metadata/annotations/team").asText()).isEqualTo("b");
        });
    }

    @Test
    @DisplayName("OpenShift assigns users and groups, to the pod of a test, too; auto sees it by its API")
    @RequiresProgram("helm")
    void openShift() throws Exception {
        Chart detected = Chart.beside(OPENSHIFT, "");

        assertThat(detected.byTemplate()).containsKey("tests/admission.yaml");
        assertThat(detected.text()).doesNotContain("runAsUser", "runAsGroup", "fsGroup");
        assertThat(Chart.beside(OPENSHIFT, "openshift: false").text()).contains("runAsUser", "runAsGroup", "fsGroup");
        assertThat(Chart.beside(List.of("apps/v1"), "").text()).contains("runAsUser", "runAsGroup", "fsGroup");
    }

    @Test
    @DisplayName("the pod of a test has the pull secrets, the registry and the security context of the others")
    @RequiresProgram("helm")
    void testPod() throws Exception {
        String values =
                "{global: {imageRegistry: a.example, imagePullSecrets: [b]}, podSecurityContext: {runAsUser: 7}}";
        JsonNode pod = Chart.beside(OPENSHIFT, "{openshift: false, " + values.substring(1))
                .one("Pod")
                .path("spec");

        assertThat(ValuesIT.plain(pod.path("imagePullSecrets"))).isEqualTo("[{name:b}]");
        assertThat(pod.at("/containers/0/image").asText()).isEqualTo("a.example/stowage-dev/stowage:0.1.0");
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(7);
    }

    @Test
    @DisplayName("extra objects are manifests or texts, with templates")
    void extraObjects() {
        Chart chart = Chart.with("""
                extraObjects:
                  - {apiVersion: v1, kind: Secret, metadata: {name: "{{ .Release.Name }}-a"}}
                  - |
                    apiVersion: v1
                    kind: LimitRange
                    metadata: {name: {{ include "stowage.fullname" . }}-b}
                """);

        assertThat(chart.one("LimitRange").at("/metadata/name").asText()).isEqualTo("stowage-b");
        assertThat(chart.all("Secret"))
                .extracting(secret -> secret.at("/metadata/name").asText())
                .contains("stowage-a");
    }

    @Test
    @DisplayName("the chart renders without a cluster, whatever is switched on")
    void withoutCluster() {
        assertThat(Chart.with("tls: {source: cert-manager}").all("Certificate")).hasSize(2);
    }

    @Test
    @DisplayName("the certificate of cert-manager is for the host of the URL, too")
    void certificateNames() {
        String values = "tls: {source: cert-manager}\nwebhook: {url: 'https://%s'}";

        assertThat(Chart.with(values.formatted("a.example:8443")).text())
                .contains("    - a.example\n")
                .doesNotContain("ipAddresses");
        assertThat(Chart.with(values.formatted("10.1.2.3:8443")).text()).contains("  ipAddresses: [\"10.1.2.3\"]");
        assertThat(Chart.with(values.formatted("[fd00::1]")).text()).contains("  ipAddresses: [\"fd00::1\"]");
    }

    /** A chart that has Stowage's as one of several, with the condition that such charts have. */
    @Test
    @DisplayName("an umbrella chart with a condition, global values and nulls renders")
    @RequiresProgram("helm")
    void umbrella(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("Chart.yaml"), """
                apiVersion: v2
                name: umbrella
                version: 1.0.0
                dependencies:
                  - {name: stowage, version: 0.1.0, condition: stowage.enabled}
                """);
        Files.writeString(folder.resolve("values.yaml"), """
                global: {imageRegistry: mirror.example, imagePullSecrets: [{name: pull}], storageClass: other}
                stowage:
                  enabled: true
                  mode: warn
                  podSecurityContext: {runAsUser: null}
                """);
        copy(Chart.FOLDER, folder.resolve("charts/stowage"));

        JsonNode deployment = umbrella(folder, "stowage.enabled=true").stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .findFirst()
                .orElseThrow();

        assertThat(deployment.at(CONTAINER + "/image").asText()).isEqualTo("mirror.example/stowage-dev/stowage:0.1.0");
        assertThat(ValuesIT.plain(deployment.at(POD + "/imagePullSecrets"))).isEqualTo("[{name:pull}]");
        assertThat(deployment.at(POD + "/securityContext").has("runAsUser")).isFalse();
        assertThat(umbrella(folder, "stowage.enabled=false")).isEmpty();
    }

    private static List<JsonNode> umbrella(Path chart, String set) throws Exception {
        Program.Result result =
                Program.named("helm").run("template", "all", chart.toString(), "--kube-version=1.34.0", "--set=" + set);
        assertThat(result.code()).as(result.out()).isZero();
        return Chart.parse(result.out());
    }

    private static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
