package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.testing.Await;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server does with the chart's webhook configuration while nobody answers where it leads. */
@RequiresApiServer
class AllReplicasDownIT {

    private static final String RELEASE = "stowage-down";
    private static final String REGISTRY = "down-registry";
    private static final String SHOP = "down-shop";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KubernetesClient client;
    private final List<HasMetadata> pods = new ArrayList<>();

    @BeforeEach
    void connect() {
        Config config = Config.fromKubeconfig(ApiServer.shared().kubeconfig());
        // a refusal for want of the webhook is a 500, which the client would try again for a minute
        config.setRequestRetryBackoffLimit(0);
        client = new KubernetesClientBuilder().withConfig(config).build();
        for (String namespace : List.of(Chart.NAMESPACE, REGISTRY, SHOP)) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .serverSideApply();
        }
    }

    @AfterEach
    void clean() {
        recover();
        pods.forEach(pod -> client.resource(pod).withGracePeriod(0).delete());
        client.close();
    }

    @ParameterizedTest(name = "all replicas down, Fail, {0}")
    @ValueSource(
            strings = {
                "webhook: {excludedNamespaces: [down-registry]}",
                "config: {exemptions: {namespaces: [down-registry]}}"
            })
    @DisplayName("all replicas down with Fail: what Stowage needs in order to start is created, nothing else is,"
            + " until the configuration is deleted")
    void failing(String values) throws Exception {
        register("{failurePolicy: Fail, " + values + "}");
        await(SHOP, refusal -> refusal.isPresent());

        assertThat(refusal("kube-system")).isEmpty();
        assertThat(refusal(Chart.NAMESPACE)).isEmpty();
        assertThat(refusal(REGISTRY)).isEmpty();
        assertThat(refusal(SHOP).orElseThrow())
                .contains("failed calling webhook \"validate.stowage.dev\"")
                .contains("connection refused");

        recover();
        await(SHOP, Optional::isEmpty);
    }

    @Test
    @DisplayName(
            "all replicas down with Fail: a registry in the cluster that nobody excluded waits, too; a label on its"
                    + " namespace lets it start")
    void registryThatNobodyExcluded() throws Exception {
        register("failurePolicy: Fail");
        await(REGISTRY, refusal -> refusal.isPresent());
        label("off");
        await(REGISTRY, Optional::isEmpty);
        assertThat(refusal(SHOP)).isPresent();
        label(null);
    }

    @Test
    @DisplayName("all replicas down with Ignore: everything is created")
    void ignoring() throws Exception {
        register("failurePolicy: Fail");
        await(SHOP, refusal -> refusal.isPresent());

        register("");

        await(SHOP, Optional::isEmpty);
        for (String namespace : List.of("kube-system", Chart.NAMESPACE, REGISTRY, SHOP)) {
            assertThat(refusal(namespace)).as(namespace).isEmpty();
        }
    }

    /** The chart's configuration, led to a port that nobody listens on. */
    private void register(String values) throws IOException {
        ObjectNode hook = Chart.release(RELEASE, values)
                .one("ValidatingWebhookConfiguration")
                .deepCopy();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ((ObjectNode) hook.at("/webhooks/0"))
                    .putObject("clientConfig")
                    .put("url", "https://127.0.0.1:" + taken.getLocalPort() + "/validate");
        }
        client.load(new ByteArrayInputStream(hook.toString().getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(object -> client.resource(object).forceConflicts().serverSideApply());
    }

    /** As docs/operations.md says. */
    private void recover() {
        client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(RELEASE)
                .delete();
    }

    private void label(String mode) {
        client.namespaces().withName(REGISTRY).edit(namespace -> namespace
                .edit()
                .editMetadata()
                .addToLabels("stowage.dev/mode", mode == null ? "enforce" : mode)
                .endMetadata()
                .build());
    }

    /** Why a pod cannot be created in this namespace; nothing when it was. */
    private Optional<String> refusal(String namespace) {
        try {
            pods.add(client.resource(new PodBuilder()
                            .withNewMetadata()
                            .withGenerateName("down-")
                            .withNamespace(namespace)
                            .endMetadata()
                            .withNewSpec()
                            .addNewContainer()
                            .withName("main")
                            .withImage("registry.example/app:1")
                            .endContainer()
                            .endSpec()
                            .build())
                    .create());
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** A configuration takes effect a moment after it is written. */
    private void await(String namespace, Predicate<Optional<String>> condition) {
        AtomicReference<Optional<String>> refusal = new AtomicReference<>();
        Await.await("the configuration", PATIENCE, () -> "still " + refusal, () -> {
            refusal.set(refusal(namespace));
            return condition.test(refusal.get());
        });
    }
}
