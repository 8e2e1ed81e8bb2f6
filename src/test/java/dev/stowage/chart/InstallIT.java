package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.testing.Crds;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real API server takes what the chart renders, and a release comes, changes and goes there. */
@RequiresApiServer
class InstallIT {

    private static final String RELEASE = "stowage-chart";
    private static final String PATH = "/validate/0123456789abcdef";
    private static final String CRD = "imagereports.stowage.dev";

    private static ApiServer server;
    private static KubernetesClient client;
    private static boolean crdWasThere;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = ApiServer.shared();
        client = server.client();
        crdWasThere = crdExists();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Chart.NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    @AfterAll
    static void stop() {
        if (!crdWasThere) {
            Crds.delete(client, CRD);
        }
        client.close();
    }

    static Stream<Path> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    @DisplayName("the API server takes every object of every way to install")
    void taken(Path values) {
        List<HasMetadata> objects = client.load(
                        new ByteArrayInputStream(Chart.with(values).text().getBytes(StandardCharsets.UTF_8)))
                .items();

        assertThat(objects).isNotEmpty().allSatisfy(object -> assertThat(client.resource(object)
                        .dryRun()
                        .fieldManager("chart")
                        .forceConflicts()
                        .serverSideApply())
                .isNotNull());
    }

    @Test
    @DisplayName("the API server takes k8s/, too")
    void manifestsTaken() throws Exception {
        for (Path file : manifests()) {
            for (HasMetadata object : client.load(Files.newInputStream(file)).items()) {
                assertThat(client.resource(object).dryRun().forceConflicts().serverSideApply())
                        .as(file.toString())
                        .isNotNull();
            }
        }
    }

    /** Another test may have left one, which Helm would not take for its own. */
    private static void withoutCrd() {
        Crds.delete(client, CRD);
    }

    private static List<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("k8s"))) {
            return files.filter(file -> !file.endsWith("kustomization.yaml") && !file.endsWith("stowage.yaml"))
                    .toList();
        }
    }

    @Test
    @DisplayName("an upgrade leaves the certificate and its authority alone; uninstalling leaves no webhook behind")
    void comesChangesAndGoes() throws Exception {
        withoutCrd();
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        new Helm(Chart.FOLDER)
                .install()
                .withName(RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .withKubeConfig(kubeconfig)
                .call();
        String bundle = Base64.getEncoder()
                .encodeToString(Files.readString(Chart.FOLDER.resolve("ci/given-certificate-values.yaml"))
                        .replaceFirst("(?s)^.*caBundle: \\|\n", "")
                        .replaceFirst("(?s)\\S*serviceAccount.*$", "")
                        .replace("    ", "")
                        .getBytes(StandardCharsets.US_ASCII));
        asStowageDoes(bundle);

        new Helm(Chart.FOLDER)
                .upgrade()
                .withName(RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .withKubeConfig(kubeconfig)
                .set("failurePolicy", "Fail")
                .call();

        var hook = webhook().get().getWebhooks().get(0);
        assertThat(hook.getFailurePolicy()).isEqualTo("Fail");
        assertThat(hook.getClientConfig().getCaBundle()).isEqualTo(bundle);
        assertThat(hook.getClientConfig().getService().getPath()).isEqualTo(PATH);
        assertThat(secret().get().getData()).containsEntry("tls.key", "c2VjcmV0");
        assertThat(crdExists()).isTrue();

        Helm.uninstall(RELEASE)
                .withNamespace(Chart.NAMESPACE)
                .withKubeConfig(kubeconfig)
                .call();

        assertThat(webhook().get()).isNull();
        assertThat(secret().get()).isNull();
        assertThat(client.rbac().clusterRoles().withName(RELEASE).get()).isNull();
        assertThat(crdExists()).as("reports outlive the release").isTrue();
    }

    /** It enters the authority and the path, and fills the Secret. */
    private static void asStowageDoes(String bundle) {
        webhook().edit(found -> found.edit()
                .editFirstWebhook()
                .editClientConfig()
                .withCaBundle(bundle)
                .editService()
                .withPath(PATH)
                .endService()
                .endClientConfig()
                .endWebhook()
                .build());
        secret().edit(found ->
                found.edit().withData(Map.of("tls.key", "c2VjcmV0")).build());
    }

    private static Resource<ValidatingWebhookConfiguration> webhook() {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(RELEASE);
    }

    private static Resource<Secret> secret() {
        return client.secrets().inNamespace(Chart.NAMESPACE).withName(RELEASE + "-tls");
    }

    private static boolean crdExists() {
        return client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName(CRD)
                        .get()
                != null;
    }
}
