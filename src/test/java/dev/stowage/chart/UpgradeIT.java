package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.report.api.ImageReport;
import dev.stowage.serve.SelfSignedCertificate;
import dev.stowage.testing.Crds;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the chart's previous version to this one and back, by the real Helm on a real API server. */
@RequiresApiServer
@RequiresProgram("helm")
class UpgradeIT {

    private static final String RELEASE = "stowage-upgrade";
    private static final String PATH = "/validate/0123456789abcdef";
    private static final String KEY = "c2VjcmV0";
    private static final String NEW_COLUMN = "AGE";
    private static final String NEW_FIELD = "previousDigest";

    @TempDir
    private Path folder;

    private ApiServer server;
    private KubernetesClient client;
    private Path kubeconfig;

    /** The API server takes nothing but certificates. */
    private final String bundle = Base64.getEncoder()
            .encodeToString(new SelfSignedCertificate(List.of("localhost"), Clock.systemUTC())
                    .caPem()
                    .orElseThrow()
                    .getBytes(StandardCharsets.US_ASCII));

    @BeforeEach
    void connect() throws Exception {
        server = ApiServer.shared();
        client = server.client();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Chart.NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        Crds.delete(client, ImageReport.CRD_NAME);
    }

    @AfterEach
    void close() {
        Crds.delete(client, ImageReport.CRD_NAME);
        client.close();
    }

    @Test
    @DisplayName("an upgrade brings the CRD's new fields and keeps reports, caBundle and values; a rollback works")
    void upgradeAndRollback() throws Exception {
        Program helm = Program.named("helm");
        new Helm(previous())
                .install()
                .withName(RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .withKubeConfig(kubeconfig)
                .set("replicas", "3")
                .set("mode", "warn")
                .call();
        assertThat(knows(NEW_FIELD)).isFalse();
        asStowageDoes();

        new Helm(Chart.FOLDER)
                .upgrade()
                .withName(RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .withKubeConfig(kubeconfig)
                .reuseValues()
                .call();

        assertThat(knows(NEW_FIELD)).isTrue();
        assertThat(version().getAdditionalPrinterColumns())
                .anyMatch(column -> column.getName().equals(NEW_COLUMN));
        assertKept();
        assertThat(deployedVersion()).isEqualTo("stowage-0.1.0");

        Program.Result back =
                helm.run("rollback", RELEASE, "1", "--namespace=" + Chart.NAMESPACE, "--kubeconfig=" + kubeconfig);

        assertThat(back.code()).as(back.out()).isZero();
        assertThat(deployedVersion()).isEqualTo("stowage-0.0.9");
        assertThat(knows(NEW_FIELD)).isFalse();
        assertKept();
        Helm.uninstall(RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .withKubeConfig(kubeconfig)
                .call();
        assertThat(report().get()).as("reports outlive the release").isNotNull();
    }

    /** The chart as it was before its CRD got a field and a column. */
    private Path previous() throws IOException {
        Path copy = folder.resolve("stowage");
        try (Stream<Path> files = Files.walk(Chart.FOLDER)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(Chart.FOLDER.relativize(file).toString()));
            }
        }
        Path about = copy.resolve("Chart.yaml");
        Files.writeString(about, Files.readString(about).replace("0.1.0", "0.0.9"));
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        Path manifest = copy.resolve("files").resolve("crd-imagereports.yaml");
        ObjectNode crd = (ObjectNode) yaml.readTree(Files.readString(manifest));
        ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
        ((ObjectNode) version.at("/schema/openAPIV3Schema/properties/status/properties")).remove(NEW_FIELD);
        ArrayNode columns = (ArrayNode) version.path("additionalPrinterColumns");
        for (int i = columns.size() - 1; i >= 0; i--) {
            if (columns.get(i).path("name").asText().equals(NEW_COLUMN)) {
                columns.remove(i);
            }
        }
        Files.writeString(manifest, yaml.writeValueAsString(crd));
        return copy;
    }

    /** It enters the authority and the path, fills the Secret, and writes a report. */
    private void asStowageDoes() {
        client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(RELEASE)
                .edit(found -> found.edit()
                        .editFirstWebhook()
                        .editClientConfig()
                        .withCaBundle(bundle)
                        .editService()
                        .withPath(PATH)
                        .endService()
                        .endClientConfig()
                        .endWebhook()
                        .build());
        client.secrets().inNamespace(Chart.NAMESPACE).withName(RELEASE + "-tls").edit(found -> found.edit()
                .withData(Map.of("tls.key", KEY))
                .build());
        client.resource("""
                        apiVersion: stowage.dev/v1alpha1
                        kind: ImageReport
                        metadata: {name: kept, namespace: %s}
                        spec: {image: "registry.example/app:1"}
                        """.formatted(Chart.NAMESPACE)).create();
    }

    private void assertKept() {
        assertThat(report().get().getSpec().image()).isEqualTo("registry.example/app:1");
        WebhookClientConfig entered = client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(RELEASE)
                .get()
                .getWebhooks()
                .get(0)
                .getClientConfig();
        assertThat(entered.getCaBundle()).isEqualTo(bundle);
        assertThat(entered.getService().getPath()).isEqualTo(PATH);
        assertThat(client.secrets()
                        .inNamespace(Chart.NAMESPACE)
                        .withName(RELEASE + "-tls")
                        .get()
                        .getData())
                .containsEntry("tls.key", KEY);
        assertThat(client.apps()
                        .deployments()
                        .inNamespace(Chart.NAMESPACE)
                        .withName(RELEASE)
                        .get()
                        .getSpec()
                        .getReplicas())
                .isEqualTo(3);
        assertThat(client.configMaps()
                        .inNamespace(Chart.NAMESPACE)
                        .withName(RELEASE + "-config")
                        .get()
                        .getData()
                        .get("stowage.yaml"))
                .contains("mode: warn");
    }

    private String deployedVersion() {
        return client.apps()
                .deployments()
                .inNamespace(Chart.NAMESPACE)
                .withName(RELEASE)
                .get()
                .getMetadata()
                .getLabels()
                .get("helm.sh/chart");
    }

    private boolean knows(String field) {
        return version()
                .getSchema()
                .getOpenAPIV3Schema()
                .getProperties()
                .get("status")
                .getProperties()
                .containsKey(field);
    }

    private CustomResourceDefinitionVersion version() {
        return crd().get().getSpec().getVersions().get(0);
    }

    private Resource<ImageReport> report() {
        return client.resources(ImageReport.class).inNamespace(Chart.NAMESPACE).withName("kept");
    }

    private Resource<CustomResourceDefinition> crd() {
        return client.apiextensions().v1().customResourceDefinitions().withName(ImageReport.CRD_NAME);
    }
}
