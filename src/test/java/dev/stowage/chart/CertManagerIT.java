package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.testing.Crds;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where cert-manager is installed and makes the certificate. */
class CertManagerIT {

    private static final String INJECT = "cert-manager.io/inject-ca-from";

    @TempDir
    private Path folder;

    @Test
    @RequiresProgram("helm")
    @DisplayName(
            "an authority of the release's own signs: issuer, authority, issuer, certificate, each naming the next")
    void ownAuthority() throws Exception {
        Chart chart = Chart.beside(ForeignKinds.APIS, "tls: {source: cert-manager}");

        JsonNode selfSigned = named(chart.all("Issuer"), "stowage-self-signed");
        JsonNode authority = named(chart.all("Certificate"), "stowage-ca");
        JsonNode issuer = named(chart.all("Issuer"), "stowage-ca");
        JsonNode certificate = named(chart.all("Certificate"), "stowage");
        assertThat(selfSigned.at("/spec/selfSigned").isObject()).isTrue();
        assertThat(authority.at("/spec/isCA").asBoolean()).isTrue();
        assertThat(authority.at("/spec/issuerRef/name").asText()).isEqualTo("stowage-self-signed");
        assertThat(issuer.at("/spec/ca/secretName").asText())
                .isEqualTo(authority.at("/spec/secretName").asText());
        assertThat(certificate.at("/spec/issuerRef/name").asText()).isEqualTo("stowage-ca");
        assertThat(Chart.texts(certificate.at("/spec/dnsNames")))
                .containsExactly("stowage.stowage.svc", "stowage.stowage.svc.cluster.local");
    }

    @Test
    @RequiresProgram("helm")
    @DisplayName("the pods serve what it makes, the API server trusts it, and Stowage shares only the key of the path")
    void whoServesAndTrusts() throws Exception {
        Chart chart = Chart.beside(ForeignKinds.APIS, "tls: {source: cert-manager}");

        JsonNode certificate = named(chart.all("Certificate"), "stowage");
        assertThat(chart.pod().path("volumes").findValuesAsText("secretName"))
                .containsExactly(certificate.at("/spec/secretName").asText());
        assertThat(chart.configuration().at("/tls/mode").asText()).isEqualTo("files");
        assertThat(chart.one("ValidatingWebhookConfiguration")
                        .at("/metadata/annotations")
                        .path(INJECT)
                        .asText())
                .isEqualTo(certificate.at("/metadata/namespace").asText() + "/"
                        + certificate.at("/metadata/name").asText());
        assertThat(chart.webhook().at("/clientConfig").has("caBundle")).isFalse();
        assertThat(chart.one("Secret").at("/metadata/name").asText()).isEqualTo("stowage-path");
        assertThat(chart.configuration().at("/tls/secret").asText()).isEqualTo("stowage-path");
        assertThat(GrantedPermission.of(chart, GrantedPermission.AT_HOME)
                        .filter(granted -> granted.right().resource().equals("secrets"))
                        .flatMap(granted -> granted.names().stream()))
                .isNotEmpty()
                .containsOnly("stowage-path");
    }

    @Test
    @RequiresProgram("helm")
    @DisplayName("a given issuer signs, and then there is no authority of the release's own")
    void givenIssuer() throws Exception {
        Chart chart = Chart.beside(
                ForeignKinds.APIS,
                "tls: {source: cert-manager, certManager: {issuerRef: {name: corp, kind: ClusterIssuer}, duration: 48h,"
                        + " renewBefore: 12h}}");

        assertThat(chart.all("Issuer")).isEmpty();
        JsonNode certificate = chart.one("Certificate");
        assertThat(certificate.at("/spec/issuerRef").toString())
                .isEqualTo("{\"kind\":\"ClusterIssuer\",\"name\":\"corp\"}");
        assertThat(certificate.at("/spec/duration").asText()).isEqualTo("48h");
        assertThat(certificate.at("/spec/renewBefore").asText()).isEqualTo("12h");
    }

    @Test
    @RequiresApiServer
    @DisplayName("an API server that has its kinds takes the release, and loses it again")
    void installed() throws Exception {
        ApiServer server = ApiServer.shared();
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        ForeignKinds.install(server);
        try (KubernetesClient client = server.client()) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(Chart.NAMESPACE)
                            .endMetadata()
                            .build())
                    .serverSideApply();
            Crds.delete(client, "imagereports.stowage.dev");

            new Helm(Chart.FOLDER)
                    .install()
                    .withName("stowage-cm")
                    .withNamespace(Chart.NAMESPACE)
                    .withKubeConfig(kubeconfig)
                    .set("tls.source", "cert-manager")
                    .set("metrics.serviceMonitor.enabled", "true")
                    .set("metrics.prometheusRule.enabled", "true")
                    .set("crds.keep", "false")
                    .call();

            assertThat(names(client, "cert-manager.io/v1", "Certificate"))
                    .containsExactlyInAnyOrder("stowage-cm", "stowage-cm-ca");
            assertThat(names(client, "cert-manager.io/v1", "Issuer"))
                    .containsExactlyInAnyOrder("stowage-cm-self-signed", "stowage-cm-ca");
            assertThat(names(client, "monitoring.coreos.com/v1", "ServiceMonitor"))
                    .containsExactly("stowage-cm");
            assertThat(names(client, "monitoring.coreos.com/v1", "PrometheusRule"))
                    .containsExactly("stowage-cm");
            assertThat(client.admissionRegistration()
                            .v1()
                            .validatingWebhookConfigurations()
                            .withName("stowage-cm")
                            .get()
                            .getMetadata()
                            .getAnnotations())
                    .containsEntry(INJECT, "stowage/stowage-cm");

            Helm.uninstall("stowage-cm")
                    .withNamespace(Chart.NAMESPACE)
                    .withKubeConfig(kubeconfig)
                    .call();

            assertThat(names(client, "cert-manager.io/v1", "Certificate")).isEmpty();
        }
    }

    private static List<String> names(KubernetesClient client, String apiVersion, String kind) {
        return client
                .genericKubernetesResources(apiVersion, kind)
                .inNamespace(Chart.NAMESPACE)
                .list()
                .getItems()
                .stream()
                .map(GenericKubernetesResource::getMetadata)
                .map(metadata -> metadata.getName())
                .toList();
    }

    private static JsonNode named(List<JsonNode> objects, String name) {
        return objects.stream()
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " among " + objects));
    }
}
