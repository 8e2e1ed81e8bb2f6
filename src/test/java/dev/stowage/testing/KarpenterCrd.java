package dev.stowage.testing;

import static dev.stowage.testing.Await.await;

import dev.stowage.cluster.watch.KarpenterPools;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;

/** Karpenter's own CRD of NodePools on an API server; nothing acts on them. */
public final class KarpenterCrd {

    private static final String NAME = "nodepools.karpenter.sh";

    private KarpenterCrd() {}

    /** Installs it. */
    public static void install(KubernetesClient client) throws IOException {
        try (InputStream manifest = KarpenterCrd.class.getResourceAsStream("/karpenter/nodepools.yaml")) {
            client.load(manifest).items().forEach(crd -> Crds.apply(client, (CustomResourceDefinition) crd));
        }
        await("the API", () -> KarpenterPools.isInstalled(client));
    }

    /** Removes it with all NodePools. */
    public static void remove(KubernetesClient client) {
        Crds.delete(client, NAME);
    }

    /** A NodePool with these architectures, and the label and taint of a team. */
    public static GenericKubernetesResource nodePool(String... architectures) {
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
}
