package dev.stowage.cluster.watch;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.serve.ReadinessCondition;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RuntimeClasses of a real API server. */
@RequiresApiServer
class RuntimeClassInformerIT {

    private ApiServer server;
    private KubernetesClient client;

    @BeforeEach
    void connect() {
        server = ApiServer.shared();
        client = server.client();
    }

    @AfterEach
    void close() {
        client.resources(RuntimeClass.class).withName("informed").delete();
        client.close();
    }

    @Test
    void whatIsCreatedChangedAndDeletedIsSeen() {
        try (RuntimeClassInformer informer = new RuntimeClassInformer(client, Clock.systemUTC())) {
            informer.start();
            await("the list", informer::synced);
            // listed once, it may take a moment until the watch stands
            await(
                    "the watch",
                    () -> ReadinessCondition.of(informer).state().get().equals("current"));

            client.resource(runtimeClass("amd64")).create();
            await("what was created", () -> informer.named("informed").isPresent());
            client.resources(RuntimeClass.class).withName("informed").edit(found -> found.edit()
                    .withScheduling(runtimeClass("arm64").getScheduling())
                    .build());
            await("what was changed", () -> informer.named("informed")
                    .orElseThrow()
                    .nodeSelector()
                    .equals(Map.of("arch", "arm64")));
            client.resources(RuntimeClass.class).withName("informed").delete();
            await("what was deleted", () -> informer.named("informed").isEmpty());
        }
    }

    @Test
    @DisplayName("without the permission to read RuntimeClasses it is said which is missing, and the rest continues")
    void withoutTheRight() {
        Config config = Config.fromKubeconfig(server.kubeconfig());
        config.setImpersonateUsername("nobody-in-particular");
        try (KubernetesClient restricted =
                        new KubernetesClientBuilder().withConfig(config).build();
                RuntimeClassInformer informer = new RuntimeClassInformer(restricted, Clock.systemUTC())) {
            ReadinessCondition condition = ReadinessCondition.of(informer);
            assertThat(condition.met().getAsBoolean()).isFalse();
            informer.start();

            await("an answer", condition.met()::getAsBoolean);

            assertThat(informer.synced()).isFalse();
            assertThat(condition.state().get())
                    .isEqualTo("not yet listed: the ServiceAccount lacks the permission \"list\" on"
                            + " \"runtimeclasses\" (node.k8s.io)");
        }
    }

    private static RuntimeClass runtimeClass(String architecture) {
        return new RuntimeClassBuilder()
                .withNewMetadata()
                .withName("informed")
                .endMetadata()
                .withHandler("runc")
                .withNewScheduling()
                .addToNodeSelector("arch", architecture)
                .endScheduling()
                .build();
    }
}
