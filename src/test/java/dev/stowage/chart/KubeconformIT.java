package dev.stowage.chart;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.report.api.CrdManifest;
import dev.stowage.testing.Crds;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is rendered, strictly against the schemas of the API server's version: no field is misspelt, none of the wrong type. */
@RequiresApiServer
@RequiresProgram("helm")
@RequiresProgram("kubeconform")
class KubeconformIT {

    /** All fields of a monitor. */
    private static final String MONITOR = "annotations: {a: b}, scrapeTimeout: 5s, honorLabels: true, jobLabel: a,"
            + " podTargetLabels: [a], sampleLimit: 9, relabelings: [{targetLabel: a, replacement: b}],"
            + " metricRelabelings: [{action: labeldrop, regex: a}]";

    /** Every kind that the chart can render, but for the PodMonitor, which excludes the ServiceMonitor. */
    private static final String EVERYTHING = "{tls: {source: cert-manager}, networkPolicy: {enabled: true},"
            + " metrics: {serviceMonitor: {enabled: true, targetLabels: [a], " + MONITOR + "},"
            + " prometheusRule: {enabled: true, interval: 1m, annotations: {a: b}, additionalRuleLabels: {a: b}},"
            + " dashboard: {enabled: true, folder: a, annotations: {a: b}}}}";

    @TempDir
    private static Path folder;

    private static Program kubeconform;

    @BeforeAll
    static void schemas() throws Exception {
        kubeconform = Program.named("kubeconform");
        ApiServer server = ApiServer.shared();
        Set<String> kinds = new TreeSet<>();
        everything().objects().forEach(object -> kinds.add(kind(object)));
        Chart.with("").objects().forEach(object -> kinds.add(kind(object)));
        kinds.add("monitoring.coreos.com/v1/PodMonitor");
        kinds.add("/v1/Namespace");
        kinds.add("/v1/Pod");
        // what the sets of values add
        kinds.add("autoscaling/v2/HorizontalPodAutoscaler");
        kinds.add("admissionregistration.k8s.io/v1/MutatingWebhookConfiguration");
        kinds.add("stowage.dev/v1alpha1/ImageReport");
        ForeignKinds.install(server);
        try (KubernetesClient client = server.client()) {
            Crds.apply(client, CrdManifest.installed());
            new OpenApiSchemas(published(client)).write(folder, kinds);
        }
    }

    @AfterAll
    static void crd() {
        try (KubernetesClient client = ApiServer.shared().client()) {
            Crds.delete(client, "imagereports.stowage.dev");
        }
    }

    /** The API server publishes new kinds some time after they are established. */
    private static String published(KubernetesClient client) {
        AtomicReference<String> published = new AtomicReference<>();
        await("all kinds to be published", () -> {
            published.set(client.raw("/openapi/v2"));
            return Stream.of(
                            "dev.stowage.v1alpha1.ImageReport",
                            "io.cert-manager.v1.Certificate",
                            "com.coreos.monitoring.v1.ServiceMonitor",
                            "com.coreos.monitoring.v1.PodMonitor",
                            "com.coreos.monitoring.v1.PrometheusRule")
                    .allMatch(kind -> published.get().contains("\"" + kind + "\""));
        });
        return published.get();
    }

    private static Chart everything() throws Exception {
        return Chart.beside(ForeignKinds.APIS, EVERYTHING);
    }

    private static String kind(JsonNode object) {
        String version = object.path("apiVersion").asText();
        return (version.contains("/") ? version : "/" + version) + "/"
                + object.path("kind").asText();
    }

    static Stream<Path> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    @DisplayName("each way to install")
    void valueSet(Path values) throws Exception {
        assertValid(Chart.with(values).text());
    }

    @Test
    @DisplayName("everything that can be switched on")
    void allOfIt() throws Exception {
        Chart all = everything();

        assertThat(all.all("ServiceMonitor")).hasSize(1);
        assertThat(all.all("NetworkPolicy")).hasSize(1);
        assertThat(all.all("Certificate")).hasSize(2);
        assertThat(all.all("PrometheusRule")).hasSize(1);
        assertValid(all.text());
    }

    @Test
    @DisplayName("a PodMonitor, which takes the place of the ServiceMonitor")
    void podMonitor() throws Exception {
        Chart chart = Chart.with("metrics: {podMonitor: {enabled: true, " + MONITOR + "}}");

        assertThat(chart.all("PodMonitor")).hasSize(1);
        assertValid(chart.text());
    }

    @Test
    @DisplayName("k8s/")
    void manifests() throws Exception {
        Program.Result result = check("-ignore-filename-pattern", "(kustomization|stowage).yaml", "k8s");

        assertThat(result.code()).as(result.out()).isZero();
    }

    @Test
    @DisplayName(
            "a field that there is not, one of the wrong type and one that is missing are found: the schemas are strict")
    void strict() throws Exception {
        String deployment = Chart.with("").byTemplate().get("deployment.yaml");

        assertThat(checkText(deployment.replace("replicas:", "replica:")).out()).contains("replica");
        assertThat(checkText(deployment.replace("replicas: 2", "replicas: two")).out())
                .contains("replicas");
        assertThat(checkText(deployment.replace("containerPort:", "containerport:"))
                        .code())
                .isEqualTo(1);
        assertThat(checkText("""
                                apiVersion: stowage.dev/v1alpha1
                                kind: ImageReport
                                metadata: {name: a}
                                spec: {imag: b}
                                """).code()).isEqualTo(1);
    }

    private static void assertValid(String manifests) throws Exception {
        Program.Result result = checkText(manifests);

        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.out()).contains("Invalid: 0, Errors: 0, Skipped: 0");
    }

    private static Program.Result checkText(String manifests) throws Exception {
        Path file = Files.createTempFile("stowage-rendered", ".yaml");
        try {
            return check(Files.writeString(file, manifests).toString());
        } finally {
            Files.delete(file);
        }
    }

    private static Program.Result check(String... arguments) throws IOException, InterruptedException {
        return kubeconform.run(Stream.concat(
                        Stream.of("-strict", "-summary", "-schema-location", folder + OpenApiSchemas.LAYOUT),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }
}
