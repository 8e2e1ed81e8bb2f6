package dev.stowage.node;

import dev.stowage.platform.NodeProfile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes that a pod may be scheduled on, as far as platforms are concerned: the scheduler's rules, but nodes excluded only
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
        /**
         * No node fits, but the pod pins {@code kubernetes.io/arch} (and os, else it is linux) by selector or affinity; the
         * profiles are those of today's containerd.
         */
        PINNED,
        /** No node fits and the pod pins nothing: nothing can be said. */
        NONE
    }

    public EligibleNodes {
        Map<NodeProfile, List<NodeFacts>> copy = new LinkedHashMap<>();
        byProfile.forEach((profile, nodes) -> copy.put(profile, List.copyOf(nodes)));
        byProfile = Collections.unmodifiableMap(copy);
    }

    /**
     * Where a pod with these rules may land among these nodes and declared pools. Nodes that do not say what they are count for
     * nothing.
     */
    public static EligibleNodes of(SchedulingRules rules, Collection<NodeFacts> nodes) {
        NodeFilter filter = new NodeFilter(rules);
        Map<NodeProfile, List<NodeFacts>> byProfile = new LinkedHashMap<>();
        NodeProfile last = null;
        List<NodeFacts> likeLast = null;
        for (NodeFacts node : nodes) {
            if (node.profile().isEmpty() || !filter.admits(node)) {
                continue;
            }
            NodeProfile profile = node.profile().get();
            if (!profile.equals(last)) {
                last = profile;
                likeLast = byProfile.computeIfAbsent(profile, first -> new ArrayList<>());
            }
            likeLast.add(node);
        }
        if (!byProfile.isEmpty()) {
            return new EligibleNodes(Basis.NODES, byProfile);
        }
        PlatformPins.of(rules).forEach(platform -> byProfile.put(NodeProfile.of(platform), List.of()));
        return new EligibleNodes(byProfile.isEmpty() ? Basis.NONE : Basis.PINNED, byProfile);
    }

    /** All eligible nodes and pools, in no particular order. */
    public List<NodeFacts> all() {
        List<NodeFacts> all = new ArrayList<>();
        byProfile.values().forEach(all::addAll);
        return all;
    }
}
