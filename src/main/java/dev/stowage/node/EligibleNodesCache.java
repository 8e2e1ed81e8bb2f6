package dev.stowage.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;

/**
 * The eligible nodes of pods with the same rules, computed once for each snapshot of the nodes: most pods of a cluster share a
 * few rules, and filtering thousands of nodes for each review would take longer than everything else.
 */
public final class EligibleNodesCache {

    private static final int KEPT = 1_000;

    private volatile Snapshot latest = new Snapshot(null);

    /** The eligible nodes of pods with these rules; the collection of nodes must not change. */
    public EligibleNodes of(SchedulingRules rules, Collection<NodeFacts> nodes) {
        Snapshot snapshot = latest;
        if (snapshot.nodes != nodes) {
            snapshot = new Snapshot(nodes);
            latest = snapshot;
        }
        return snapshot.byRules.get(rules, absent -> EligibleNodes.of(absent, nodes));
    }

    /** The results for one collection of nodes, compared by identity, because it does not change. */
    private static final class Snapshot {

        private final Collection<NodeFacts> nodes;
        private final Cache<SchedulingRules, EligibleNodes> byRules =
                Caffeine.newBuilder().maximumSize(KEPT).executor(Runnable::run).build();

        Snapshot(Collection<NodeFacts> nodes) {
            this.nodes = nodes;
        }
    }
}
