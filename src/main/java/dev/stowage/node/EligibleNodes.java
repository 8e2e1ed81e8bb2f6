package dev.stowage.node;

import dev.stowage.platform.NodeProfile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes that a pod may be scheduled on, as far as platforms are concerned: the scheduler's rules, but nodes barred only
 * by what passes (cordon, not ready, unreachable, pressure) count, because they come back.
 *
 * @param basis on what grounds the profiles are known
 * @param byProfile the eligible nodes (and declared pools) of each profile; with basis {@code PINNED} the profiles have no nodes
 */
public record EligibleNodes(Basis basis, Map<NodeProfile, List<NodeFacts>> byProfile) {

    /** On what grounds the profiles of eligible nodes are known. */
    public enum Basis {
        /** Nodes or declared pools fit. */
        NODES,
        /** No node fits, but the pod pins {@code kubernetes.io/arch} (and os) by selector or affinity. */
        PINNED,
        /** No node fits and the pod pins nothing: nothing can be said. */
        NONE
    }

    public EligibleNodes {
        Map<NodeProfile, List<NodeFacts>> copy = new LinkedHashMap<>();
        byProfile.forEach((profile, nodes) -> copy.put(profile, List.copyOf(nodes)));
        byProfile = Collections.unmodifiableMap(copy);
    }

    /** Where a pod with these rules may land among these nodes and declared pools. */
    public static EligibleNodes of(SchedulingRules rules, Collection<NodeFacts> nodes) {
        throw new UnsupportedOperationException("helper");
    }

    /** All eligible nodes and pools, in no particular order. */
    public List<NodeFacts> all() {
        List<NodeFacts> all = new ArrayList<>();
        byProfile.values().forEach(all::addAll);
        return all;
    }
}
