package dev.stowage.serve;

import dev.stowage.admission.NodeSource;
import dev.stowage.node.NodeFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The nodes that there are, and the declared pools of those that could be; the same list as long as neither changes. */
final class NodesAndPools implements NodeSource {

    private record Joined(Collection<NodeFacts> nodes, Collection<NodeFacts> all) {}

    private final NodeSource nodes;
    private final List<NodeFacts> pools;
    private volatile Joined latest = new Joined(List.of(), List.of());

    NodesAndPools(NodeSource nodes, List<NodeFacts> pools) {
        this.nodes = nodes;
        this.pools = List.copyOf(pools);
    }

    @Override
    public Collection<NodeFacts> nodes() {
        Collection<NodeFacts> now = nodes.nodes();
        if (pools.isEmpty()) {
            return now;
        }
        Joined joined = latest;
        if (joined.nodes() != now) {
            List<NodeFacts> all = new ArrayList<>(now);
            all.addAll(pools);
            joined = new Joined(now, List.copyOf(all));
            latest = joined;
        }
        return joined.all();
    }

    @Override
    public boolean known() {
        return nodes.known();
    }
}
