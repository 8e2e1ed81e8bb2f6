package dev.stowage.cluster.watch;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.node.NodeFacts;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** NodePools of Karpenter's own CRD at a real API server. */
@RequiresApiServer
class KarpenterPoolsIT {

    private static final String CRD = "nodepools.karpenter.sh";

    private ApiServer server;
    private KubernetesClient client;

    @BeforeEach
    void begin() {
        server = ApiServer.shared();
        client = server.client();
        removeCrd();
    }

    @AfterEach
    void end() {
        removeCrd();
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

            installCrd();
            client.resource(nodePool("amd64", "arm64")).create();
            karpenter.find();
            await("the list", () -> platforms(karpenter).equals(List.of("linux/amd64", "linux/arm64")));
            assertThat(karpenter.settled()).isTrue();
            assertThat(karpenter.pools()).isSameAs(karpenter.pools()).allSatisfy(pool -> {
                assertThat(pool.name()).isEqualTo("default");
                assertThat(pool.labels()).containsEntry("team", "shop");
                assertThat(pool.taints()).singleElement().hasToString("dedicated=shop:NoSchedule");
            });

            client.resource(nodePool("amd64")).forceConflicts().serverSideApply();
            await("the change", () -> platforms(karpenter).equals(List.of("linux/amd64")));
            client.resource(nodePool("amd64")).delete();
            await("the deletion", () -> karpenter.pools().isEmpty());
        }
    }

    @Test
    @DisplayName("without the permission to read NodePools Stowage continues without them, and says which is missing")
    void withoutTheRight() throws Exception {
        installCrd();
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

    private static GenericKubernetesResource nodePool(String... architectures) {
        return Serialization.unmarshal(
                """
                apiVersion: karpenter.sh/v1
                kind: NodePool
                metadata: {name: default}
                spec:
                  template:
                    metadata: {labels: {team: shop}}
                    spec:
                      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
                      taints: [{key: dedicated, value: shop, effect: NoSchedule}]
                      requirements:
                      - {key: kubernetes.io/arch, operator: In, values: [%s]}
                      - {key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand]}
                """.formatted(String.join(", ", architectures)), GenericKubernetesResource.class);
    }

    private void installCrd() throws Exception {
        try (InputStream manifest = KarpenterPoolsIT.class.getResourceAsStream("/karpenter/nodepools.yaml")) {
            client.load(manifest).items().forEach(crd -> client.resource(crd).serverSideApply());
        }
        client.resources(CustomResourceDefinition.class)
                .withName(CRD)
                .waitUntilCondition(KarpenterPoolsIT::established, 30, TimeUnit.SECONDS);
        await("the API", () -> KarpenterPools.isInstalled(client));
    }

    private static boolean established(CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private void removeCrd() {
        client.resources(CustomResourceDefinition.class).withName(CRD).delete();
        client.resources(CustomResourceDefinition.class)
                .withName(CRD)
                .waitUntilCondition(Objects::isNull, 30, TimeUnit.SECONDS);
    }
}
