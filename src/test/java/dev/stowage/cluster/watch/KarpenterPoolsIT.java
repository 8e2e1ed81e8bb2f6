package dev.stowage.cluster.watch;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.node.NodeFacts;
import dev.stowage.testing.KarpenterCrd;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** NodePools of Karpenter's own CRD at a real API server. */
@RequiresApiServer
class KarpenterPoolsIT {

    private ApiServer server;
    private KubernetesClient client;

    @BeforeEach
    void begin() {
        server = ApiServer.shared();
        client = server.client();
        KarpenterCrd.remove(client);
    }

    @AfterEach
    void end() {
        KarpenterCrd.remove(client);
        client.close();
    }

    @Test
    @DisplayName("NodePools are watched as soon as Karpenter is installed")
    void watched() throws Exception {
        try (KarpenterPools karpenter = new KarpenterPools(client, Clock.systemUTC())) {
            karpenter.find();
            assertThat(karpenter.settled()).isTrue();
            assertThat(karpenter.state()).isEqualTo("not installed");
            assertThat(karpenter.pools()).isEmpty();

            KarpenterCrd.install(client);
            client.resource(KarpenterCrd.nodePool("amd64", "arm64")).create();
            karpenter.find();
            await("the list", () -> platforms(karpenter).equals(List.of("linux/amd64", "linux/arm64")));
            assertThat(karpenter.settled()).isTrue();
            assertThat(karpenter.state()).isEqualTo("2 known");
            assertThat(karpenter.pools()).isSameAs(karpenter.pools()).allSatisfy(pool -> {
                assertThat(pool.name()).isEqualTo("default");
                assertThat(pool.labels()).containsEntry("team", "shop");
                assertThat(pool.taints()).singleElement().hasToString("dedicated=shop:NoSchedule");
            });

            client.resource(KarpenterCrd.nodePool("amd64")).forceConflicts().serverSideApply();
            await("the change", () -> platforms(karpenter).equals(List.of("linux/amd64")));
            client.resource(KarpenterCrd.nodePool("amd64")).delete();
            await("the deletion", () -> karpenter.pools().isEmpty());
        }
    }

    @Test
    @DisplayName("without the permission to read NodePools Stowage continues without them, and says which is missing")
    void withoutTheRight() throws Exception {
        KarpenterCrd.install(client);
        Config config = Config.fromKubeconfig(server.kubeconfig());
        config.setImpersonateUsername("nobody-in-particular");
        config.setImpersonateGroups("system:authenticated");
        try (KubernetesClient restricted =
                        new KubernetesClientBuilder().withConfig(config).build();
                KarpenterPools karpenter = new KarpenterPools(restricted, Clock.systemUTC())) {
            karpenter.find();
            await("an answer", karpenter::settled);

            assertThat(karpenter.pools()).isEmpty();
            assertThat(karpenter.state())
                    .isEqualTo("the ServiceAccount lacks the permission \"list\" on \"nodepools\" (karpenter.sh)");
        }
    }

    private static List<String> platforms(KarpenterPools karpenter) {
        return karpenter.pools().stream()
                .map(NodeFacts::profile)
                .map(profile -> profile.orElseThrow().platform().toString())
                .toList();
    }
}
