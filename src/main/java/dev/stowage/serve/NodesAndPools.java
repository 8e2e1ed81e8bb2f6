package dev.stowage.serve;

import dev.stowage.admission.NodeSource;
import dev.stowage.node.NodeFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The nodes that there are, and the declared pools of those that could be; the same list as long as neither changes. */
final class NodesAndPools implements NodeSource {

    private record Joined(Collection<NodeFacts> nodes, List<NodeFacts> pools, Collection<NodeFacts> all) {}

    private final NodeSource nodes;
    private final Supplier<List<NodeFacts>> pools;
    private final Function<String, Optional<String>> platforms;

    /** Null until the first call: an empty collection may be the same object as any other. */
    private volatile Joined latest;

    /**
     * @param pools the pools, the same list as long as they do not change
     * @param platforms the platforms that the namespace of a name states
     */
    NodesAndPools(NodeSource nodes, Supplier<List<NodeFacts>> pools, Function<String, Optional<String>> platforms) {
        this.nodes = nodes;
        this.pools = pools;
        this.platforms = platforms;
    }

    @Override
    public Collection<NodeFacts> nodes() {
        Collection<NodeFacts> now = nodes.nodes();
        List<NodeFacts> more = pools.get();
        if (more.isEmpty()) {
            return now;
        }
        Joined joined = latest;
        if (joined == null || joined.nodes() != now || joined.pools() != more) {
            List<NodeFacts> all = new ArrayList<>(now);
            all.addAll(more);
            joined = new Joined(now, more, List.copyOf(all));
            latest = joined;
        }
        return joined.all();
    }

    @Override
    public Optional<String> platformsOf(String namespace) {
        return platforms.apply(namespace);
    }

    @Override
    public boolean known() {
        return nodes.known();
    }
}
