package dev.stowage.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.List;

/**
 * The eligible nodes of pods with the same rules, computed once for each snapshot of the nodes: most pods of a cluster share a
 * few rules, and filtering thousands of nodes for each review would take longer than everything else.
 */
public final class EligibleNodesCache {

    /** Bytes, roughly, of all rules and lists of nodes. */
    static final long CAPACITY = 16 << 20;

    private static final int ENTRY = 500;
    private static final int REFERENCE = 8;

    private volatile Snapshot latest = new Snapshot(List.of());

    /** The eligible nodes of pods with these rules; the collection of nodes must not change. */
    public EligibleNodes of(SchedulingRules rules, Collection<NodeFacts> nodes) {
        Snapshot snapshot = latest;
        if (snapshot.nodes != nodes) {
            snapshot = new Snapshot(nodes);
            latest = snapshot;
        }
        return snapshot.byRules.get(rules, absent -> EligibleNodes.of(absent, nodes));
    }

    /** Bytes, roughly, of what is kept now. */
    long weight() {
        Cache<SchedulingRules, EligibleNodes> cache = latest.byRules;
        cache.cleanUp();
        return cache.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    private static int weightOf(SchedulingRules rules, EligibleNodes eligible) {
        int nodes = eligible.byProfile().values().stream().mapToInt(List::size).sum();
        return ENTRY * (1 + eligible.missingTolerations().size()) + rules.weight() + REFERENCE * nodes;
    }

    /** The results for one collection of nodes, compared by identity, because it does not change. */
    private static final class Snapshot {

        private final Collection<NodeFacts> nodes;
        private final Cache<SchedulingRules, EligibleNodes> byRules = Caffeine.newBuilder()
                .maximumWeight(CAPACITY)
                .weigher(EligibleNodesCache::weightOf)
                .executor(Runnable::run)
                .build();

        Snapshot(Collection<NodeFacts> nodes) {
            this.nodes = nodes;
        }
    }
}
