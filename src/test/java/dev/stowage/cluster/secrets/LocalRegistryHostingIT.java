package dev.stowage.cluster.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.async.Deadline;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The announcement of a local registry on a real API server. */
@RequiresApiServer
class LocalRegistryHostingIT {

    @Test
    @DisplayName("the ConfigMap in kube-public is read, and it need not be there")
    void isRead() {
        KubernetesClient client = ApiServer.shared().client();
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("kube-public")
                .withName("local-registry-hosting")
                .endMetadata()
                .addToData(
                        "localRegistryHosting.v1",
                        "host: \"localhost:32000\"\nhostFromClusterNetwork: \"registry.container-registry:5000\"\n")
                .build();

        assertThat(addressOf(client, "localhost:32000")).isEmpty();
        client.resource(map).create();
        try {
            assertThat(addressOf(client, "localhost:32000")).contains("registry.container-registry:5000");
        } finally {
            client.resource(map).delete();
        }
    }

    private static Optional<String> addressOf(KubernetesClient client, String registry) {
        try (LocalRegistryHosting hosting = new LocalRegistryHosting(client)) {
            return hosting.addressOf(registry, Deadline.in(Duration.ofSeconds(20)))
                    .join();
        }
    }
}
