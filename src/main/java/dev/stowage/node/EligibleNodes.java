package dev.stowage.node;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes that a pod may be scheduled on, as far as platforms matter: by the scheduler's rules, except that nodes in a temporary
 * state (cordoned, not ready, starting, unreachable, under pressure) count, because they come back.
 *
 * @param basis the source of the profiles
 * @param byProfile the eligible nodes of each profile by name, then the declared pools by name; with basis {@code PINNED} the profiles have
 *     no nodes
 * @param possible pools whose provisioner may add nodes of these profiles for the pod, or may not: nothing is denied because of them.
 *     Without profiles that are in {@code byProfile}
 * @param stated the statement that the profiles are from, with basis {@code STATED}
 * @param missingTolerations the tolerations that the pod needs in addition to its own, each list of them with the number of eligible
 *     nodes on which it does, with basis {@code NODES}. Google's GKE adds those of architectures itself
 * @param problems the first labels of eligible nodes that cannot be read and have no effect, a sentence each
 */
public record EligibleNodes(
        Basis basis,
        Map<NodeProfile, List<NodeFacts>> byProfile,
        Map<NodeProfile, List<NodeFacts>> possible,
        Optional<StatedPlatforms> stated,
        Map<List<Toleration>, Integer> missingTolerations,
        List<String> problems) {

    /** So that messages name the first few without looking at thousands of nodes for each denial. */
    private static final Comparator<NodeFacts> ORDER = (one, other) -> one.declared() == other.declared()
            ? one.name().compareTo(other.name())
            : Boolean.compare(one.declared(), other.declared());

    private static final int PROBLEMS_SHOWN = 2;

    /** The source of the profiles. */
    public enum Basis {
        /** Nodes or declared pools match. */
        NODES,
        /**
         * The pod runs on stated platforms; the profiles are those of eligible nodes with these platforms, else those of containerd 2.1
         * and newer.
         */
        STATED,
        /**
         * No node matches, but the pod requires {@code kubernetes.io/arch} (and os, else linux) by selector or affinity; the
         * profiles are those of containerd 2.1 and newer.
         */
        PINNED,
        /** No node matches, and the pod requires no platform: nothing is known. */
        NONE
    }

    public EligibleNodes {
        Objects.requireNonNull(basis, "basis");
        byProfile = copy(byProfile);
        possible = copy(possible);
        Objects.requireNonNull(stated, "stated");
        missingTolerations = Collections.unmodifiableMap(new LinkedHashMap<>(missingTolerations));
        problems = List.copyOf(problems);
    }

    /** Eligible nodes that are known for certain. */
    public EligibleNodes(Basis basis, Map<NodeProfile, List<NodeFacts>> byProfile) {
        this(basis, byProfile, Map.of(), Optional.empty(), Map.of(), List.of());
    }

    private static Map<NodeProfile, List<NodeFacts>> copy(Map<NodeProfile, List<NodeFacts>> nodes) {
        Map<NodeProfile, List<NodeFacts>> copy = new LinkedHashMap<>();
        nodes.forEach((profile, those) ->
                copy.put(profile, those.stream().sorted(ORDER).toList()));
        return Collections.unmodifiableMap(copy);
    }

    /**
     * The nodes and declared pools that a pod with these rules may be scheduled on. Nodes that do not report their platform are
     * ignored.
     */
    public static EligibleNodes of(SchedulingRules rules, Collection<NodeFacts> nodes) {
        NodeFilter filter = new NodeFilter(rules);
        Map<NodeProfile, List<NodeFacts>> byProfile = new LinkedHashMap<>();
        Map<NodeProfile, List<NodeFacts>> possible = new LinkedHashMap<>();
        Map<List<Toleration>, Integer> missing = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        // nodes share their profiles, and comparing those takes longer than all else; most have no taints
        Map<NodeProfile, List<NodeFacts>> byInstance = new IdentityHashMap<>();
        int tolerated = 0;
        missing.put(List.of(), tolerated);
        for (NodeFacts node : nodes) {
            if (node.profile().isEmpty() || !filter.admits(node)) {
                continue;
            }
            NodeProfile profile = node.profile().get();
            if (!filter.isCertain(node)) {
                possible.computeIfAbsent(profile, first -> new ArrayList<>()).add(node);
                continue;
            }
            byInstance
                    .computeIfAbsent(profile, one -> byProfile.computeIfAbsent(one, first -> new ArrayList<>()))
                    .add(node);
            List<Toleration> needed = filter.missingTolerations(node);
            if (needed.isEmpty()) {
                tolerated++;
            } else {
                missing.merge(needed, 1, Integer::sum);
            }
            if (!node.problems().isEmpty() && problems.size() < PROBLEMS_SHOWN) {
                problems.add("node " + node.name() + " " + node.problems().get(0));
            }
        }
        if (tolerated > 0) {
            missing.put(List.of(), tolerated);
        } else {
            missing.remove(List.of());
        }
        possible.keySet().removeAll(byProfile.keySet());
        if (rules.platforms().isPresent()) {
            return onStated(rules.platforms().get(), byProfile);
        }
        if (!byProfile.isEmpty()) {
            return new EligibleNodes(Basis.NODES, byProfile, possible, Optional.empty(), missing, problems);
        }
        PlatformPins.of(rules).forEach(platform -> byProfile.put(NodeProfile.of(platform), List.of()));
        return new EligibleNodes(
                byProfile.isEmpty() ? Basis.NONE : Basis.PINNED,
                byProfile,
                possible,
                Optional.empty(),
                Map.of(),
                problems);
    }

    /** Nodes show the runtime where pods of a namespace run on nodes; Fargate's are its own. */
    private static EligibleNodes onStated(StatedPlatforms stated, Map<NodeProfile, List<NodeFacts>> eligible) {
        Map<NodeProfile, List<NodeFacts>> byProfile = new LinkedHashMap<>();
        for (Platform platform : stated.platforms()) {
            if (stated.source() == StatedPlatforms.Source.NAMESPACE) {
                eligible.forEach((profile, nodes) -> {
                    if (StatedPlatforms.covers(platform, profile.platform())) {
                        byProfile.put(profile, nodes);
                    }
                });
            }
            if (byProfile.keySet().stream().noneMatch(known -> StatedPlatforms.covers(platform, known.platform()))) {
                byProfile.put(NodeProfile.of(platform), List.of());
            }
        }
        return new EligibleNodes(Basis.STATED, byProfile, Map.of(), Optional.of(stated), Map.of(), List.of());
    }

    /**
     * Why a pod with these rules cannot be scheduled on this node or pool.
     *
     * @return empty if it can, or if the provisioner of the pool could add a node for it
     */
    public static Optional<Ineligibility> ineligibility(SchedulingRules rules, NodeFacts node) {
        return new NodeFilter(rules).ineligibility(node);
    }

    /** The same tolerations for a pod with other rules, which may be scheduled on some of these nodes or none. */
    public Map<List<Toleration>, Integer> missingTolerations(SchedulingRules rules) {
        NodeFilter filter = new NodeFilter(rules);
        Map<List<Toleration>, Integer> missing = new LinkedHashMap<>();
        for (List<NodeFacts> those : byProfile.values()) {
            for (NodeFacts node : those) {
                missing.merge(filter.missingTolerations(node), 1, Integer::sum);
            }
        }
        return missing;
    }

    /** The same without nodes that a provisioner may add or not. */
    public EligibleNodes withoutPossible() {
        return possible.isEmpty()
                ? this
                : new EligibleNodes(basis, byProfile, Map.of(), stated, missingTolerations, problems);
    }

    /** The profiles of eligible nodes and of those that a provisioner may add. */
    public Set<NodeProfile> profiles() {
        if (possible.isEmpty()) {
            return byProfile.keySet();
        }
        Set<NodeProfile> profiles = new LinkedHashSet<>(byProfile.keySet());
        profiles.addAll(possible.keySet());
        return profiles;
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
