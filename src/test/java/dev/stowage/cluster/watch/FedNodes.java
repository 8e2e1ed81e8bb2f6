package dev.stowage.cluster.watch;

import dev.stowage.node.NodeFacts;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/** The side of the node informer that keeps things, without an API server: nodes are fed to it as a list or watch would. */
public final class FedNodes {

    private final KubernetesSerialization json = new KubernetesSerialization();
    private final FactStore<Node, NodeFacts> store = new FactStore<>(
            node -> NodeReader.read(node, List.of()),
            metadata -> new NodeBuilder().withMetadata(metadata).build());

    /** A node came or changed. */
    public void feed(Node node) {
        Node read = json.unmarshal(json.asJson(node), Node.class);
        store.put(store.getKey(read), read);
    }
}
