package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/platforms.md says of its values, rendered. */
class PlatformsPageIT {

    private static final String RESTRICTED = "stowage-restricted";

    private static Path values(String platform) {
        return Chart.FOLDER.resolve("ci").resolve(platform + "-values.yaml");
    }

    private static Chart on(String platform) {
        return Chart.with(values(platform));
    }

    /** With what is there for {@code helm test} only. */
    private static Chart withTests(String platform) throws Exception {
        return Chart.beside(ForeignKinds.APIS, Files.readString(values(platform)));
    }

    @Test
    @DisplayName("EKS with an overlay network: the pods are on the nodes' network, on ports that are not the kubelet's")
    void overlay() {
        Chart chart = on("eks-overlay");

        assertThat(chart.pod().path("hostNetwork").asBoolean()).isTrue();
        assertThat(chart.pod().path("dnsPolicy").asText()).isEqualTo("ClusterFirstWithHostNet");
        assertThat(ports(chart)).containsExactly(9443, 9080);
        assertThat(chart.configuration().at("/server/port").asInt()).isEqualTo(9443);
    }

    @Test
    @DisplayName("Fargate: requests are equal to limits, and nothing needs the host")
    void fargate() {
        Chart chart = on("eks-fargate");

        assertThat(chart.container().at("/resources/requests"))
                .isNotEmpty()
                .isEqualTo(chart.container().at("/resources/limits"));
        assertThat(chart.pod().path("hostNetwork").asBoolean()).isFalse();
        assertThat(ports(chart)).doesNotContain(10250);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gke-private", "gke-autopilot"})
    @DisplayName("GKE: reviews are served on a port that private control planes reach")
    void gke(String platform) {
        Chart chart = on(platform);

        assertThat(ports(chart)).first().isEqualTo(10250);
        assertThat(chart.configuration().at("/server/port").asInt()).isEqualTo(10250);
        assertThat(chart.one("Service").at("/spec/ports/0/targetPort").asText()).isEqualTo("webhook");
    }

    @Test
    @DisplayName(
            "AKS: the Admissions Enforcer is told to leave the configuration, which excludes AKS's namespaces itself")
    void aks() {
        Chart chart = on("aks");

        assertThat(chart.one("ValidatingWebhookConfiguration")
                        .at("/metadata/annotations")
                        .path("admissions.enforcer/disabled")
                        .asText())
                .isEqualTo("true");
        assertThat(chart.webhook().at("/namespaceSelector/matchExpressions").findValuesAsText("key"))
                .contains("control-plane", "kubernetes.azure.com/managedby");
    }

    @Test
    @RequiresProgram("helm")
    @DisplayName("OpenShift: no UID, GID or fsGroup is given, not in the pod of helm test either")
    void openShift() throws Exception {
        Chart chart = on("openshift");

        assertThat(withTests("openshift").text())
                .contains("args: [probe")
                .doesNotContain("runAsUser:", "runAsGroup:", "fsGroup:");
        assertThat(chart.pod().at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(chart.pod().path("volumes").findValuesAsText("name")).contains("stowage-trusted-ca");
        assertThat(chart.webhook().path("matchConditions").findValuesAsText("expression"))
                .contains("!request.namespace.startsWith('openshift-')");
        assertThat(chart.all("ConfigMap"))
                .anySatisfy(made -> assertThat(made.has("data")).isFalse());
    }

    @Test
    @DisplayName("air-gapped: the image comes from the mirror by digest, and no registry but the mirror is contacted")
    void airGapped() {
        Chart chart = on("airgapped");

        assertThat(chart.container().path("image").asText())
                .startsWith("registry.example.com/ghcr.io/stowage-dev/stowage@sha256:");
        assertThat(chart.pod().at("/imagePullSecrets/0/name").asText()).isEqualTo("mirror");
        chart.configuration().path("registries").fields().forEachRemaining(registry -> {
            boolean mirror = registry.getKey().equals("registry.example.com");
            assertThat(registry.getValue().path("blocked").asBoolean())
                    .as(registry.getKey())
                    .isEqualTo(!mirror);
            registry.getValue().path("mirrors").forEach(url -> assertThat(url.asText())
                    .isEqualTo("https://registry.example.com/" + registry.getKey()));
        });
    }

    @ParameterizedTest
    @RequiresApiServer
    @RequiresProgram("helm")
    @ValueSource(
            strings = {
                "eks-fargate",
                "gke-private",
                "gke-autopilot",
                "aks",
                "openshift",
                "k3s",
                "talos",
                "airgapped",
                "default"
            })
    @DisplayName("the API server takes the pods in a namespace where the pod security standard restricted is enforced")
    void restricted(String platform) throws Exception {
        try (KubernetesClient client = restrictedNamespace()) {
            for (Pod pod : pods(withTests(platform))) {
                assertThat(client.resource(pod).dryRun().create()).isNotNull();
            }
        }
    }

    @Test
    @RequiresApiServer
    @RequiresProgram("helm")
    @DisplayName("the same namespace does not take pods on the network of their nodes")
    void notRestricted() throws Exception {
        try (KubernetesClient client = restrictedNamespace()) {
            Pod pod = pods(withTests("eks-overlay")).get(0);

            assertThatThrownBy(() -> client.resource(pod).dryRun().create()).hasMessageContaining("hostNetwork=true");
        }
    }

    private static KubernetesClient restrictedNamespace() {
        KubernetesClient client = ApiServer.shared().client();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(RESTRICTED)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .serverSideApply();
        Stream.of("default", "stowage", "stowage-test").forEach(name -> client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(RESTRICTED)
                        .endMetadata()
                        .build())
                .serverSideApply());
        return client;
    }

    /** A pod of the Deployment, and the one of {@code helm test}. */
    private static List<Pod> pods(Chart chart) {
        return Stream.of(chart.pod(), chart.one("Pod").path("spec"))
                .map(spec -> new PodBuilder()
                        .withNewMetadata()
                        .withGenerateName("restricted-")
                        .withNamespace(RESTRICTED)
                        .endMetadata()
                        .withSpec(Serialization.unmarshal(spec.toString(), PodSpec.class))
                        .build())
                .toList();
    }

    private static List<Integer> ports(Chart chart) {
        return StreamSupport.stream(chart.container().path("ports").spliterator(), false)
                .map(port -> port.path("containerPort").asInt())
                .toList();
    }
}
