package dev.stowage.node;

import dev.stowage.platform.NodeProfile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes that a pod may be scheduled on, as far as platforms matter: by the scheduler's rules, except that nodes in a temporary
 * state (cordoned, not ready, unreachable, under pressure) count, because they come back.
 *
 * @param basis the source of the profiles
 * @param byProfile the eligible nodes (and declared pools) of each profile; with basis {@code PINNED} the profiles have no nodes
 */
public record EligibleNodes(Basis basis, Map<NodeProfile, List<NodeFacts>> byProfile) {

    /** The source of the profiles. */
    public enum Basis {
        /** Nodes or declared pools match. */
        NODES,
        /**
         * No node matches, but the pod requires {@code kubernetes.io/arch} (and os, else linux) by selector or affinity; the
         * profiles are those of containerd 2.1 and newer.
         */
        PINNED,
        /** No node matches, and the pod requires no platform: nothing is known. */
        NONE
    }

    public EligibleNodes {
        Map<NodeProfile, List<NodeFacts>> copy = new LinkedHashMap<>();
        byProfile.forEach((profile, nodes) -> copy.put(profile, List.copyOf(nodes)));
        byProfile = Collections.unmodifiableMap(copy);
    }

    /**
     * The nodes and declared pools that a pod with these rules may be scheduled on. Nodes that do not report their platform are
     * ignored.
     */
    public static EligibleNodes of(SchedulingRules rules, Collection<NodeFacts> nodes) {
        NodeFilter filter = new NodeFilter(rules);
        Map<NodeProfile, List<NodeFacts>> byProfile = new LinkedHashMap<>();
        Optional<NodeProfile> last = Optional.empty();
        List<NodeFacts> likeLast = List.of();
        for (NodeFacts node : nodes) {
            if (node.profile().isEmpty() || !filter.admits(node)) {
                continue;
            }
            if (!node.profile().equals(last)) {
                last = node.profile();
                likeLast = byProfile.computeIfAbsent(last.get(), first -> new ArrayList<>());
            }
            likeLast.add(node);
        }
        if (!byProfile.isEmpty()) {
            return new EligibleNodes(Basis.NODES, byProfile);
        }
        PlatformPins.of(rules).forEach(platform -> byProfile.put(NodeProfile.of(platform), List.of()));
        return new EligibleNodes(byProfile.isEmpty() ? Basis.NONE : Basis.PINNED, byProfile);
    }

    /** How many nodes and pools are eligible. */
    public int count() {
        return byProfile.values().stream().mapToInt(List::size).sum();
    }

    /** All eligible nodes and pools, in no particular order. */
    public List<NodeFacts> all() {
        List<NodeFacts> all = new ArrayList<>();
        byProfile.values().forEach(all::addAll);
        return all;
    }
}
