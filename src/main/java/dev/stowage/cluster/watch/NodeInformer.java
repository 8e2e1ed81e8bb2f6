package dev.stowage.cluster.watch;

import dev.stowage.admission.NodeSource;
import dev.stowage.kube.StoredObjects;
import dev.stowage.node.NodeFacts;
import dev.stowage.text.Glob;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The cluster's nodes, watched, and the declared pools. */
public final class NodeInformer extends FactInformer<Node, NodeFacts> implements NodeSource {

    private record Snapshot(long version, List<NodeFacts> nodes) {}

    private final List<NodeFacts> pools;
    private volatile Snapshot snapshot;

    /**
     * Does nothing until {@link #start()}.
     *
     * @param client the cluster
     * @param pools the declared pools, which stand next to its nodes
     * @param clock the time
     */
    public NodeInformer(KubernetesClient client, List<NodeFacts> pools, Clock clock) {
        this(client, pools, List.of(), clock);
    }

    /**
     * Does nothing until {@link #start()}.
     *
     * @param client the cluster
     * @param pools the declared pools, which stand next to its nodes
     * @param transientTaints keys of taints that controllers remove from new nodes, in addition to the well-known ones
     * @param clock the time
     */
    public NodeInformer(KubernetesClient client, List<NodeFacts> pools, List<Glob> transientTaints, Clock clock) {
        super(
                "nodes",
                StoredObjects.typed(client).nodes(),
                new FactStore<>(
                        node -> NodeReader.read(node, transientTaints),
                        metadata -> new NodeBuilder().withMetadata(metadata).build()),
                clock,
                MINUTE);
        this.pools = List.copyOf(pools);
        this.snapshot = new Snapshot(0, this.pools);
    }

    /** {@inheritDoc} The same list as long as no fact changes. */
    @Override
    public Collection<NodeFacts> nodes() {
        Snapshot known = snapshot;
        // Read before the nodes: a change in between is then seen by the next call.
        long version = store.version();
        if (known.version() != version) {
            List<NodeFacts> nodes = new ArrayList<>(store.size() + pools.size());
            store.facts().map(Map.Entry::getValue).forEach(nodes::add);
            nodes.addAll(pools);
            known = new Snapshot(version, List.copyOf(nodes));
            snapshot = known;
        }
        return known.nodes();
    }

    @Override
    public boolean known() {
        return synced();
    }
}
