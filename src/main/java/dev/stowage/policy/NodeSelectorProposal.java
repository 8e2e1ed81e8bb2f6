package dev.stowage.policy;

import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodes.Basis;
import dev.stowage.node.EligibleNodesCache;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.node.Toleration;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A node selector that keeps a workload's pods on nodes that run all its images. It is proposed only if it works: with it, and with the
 * proposed tolerations, there are eligible nodes, and all of them run every image.
 *
 * @param labels the labels to add to {@code nodeSelector}
 * @param tolerations the tolerations to add, because these nodes are tainted; none if some of them are not
 * @param nodes the number of nodes and declared pools that are then eligible
 */
public record NodeSelectorProposal(Map<String, String> labels, List<Toleration> tolerations, int nodes) {

    private static final String ARCH = "kubernetes.io/arch";
    private static final String OS = "kubernetes.io/os";

    /** More taints than this are meant to keep pods away, and so are those of control planes. */
    private static final int MAX_TOLERATIONS = 2;

    private static final String NODE_ROLES = "node-role.kubernetes.io/";

    public NodeSelectorProposal {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        tolerations = List.copyOf(tolerations);
    }

    /** A selector for nodes without taints. */
    public NodeSelectorProposal(Map<String, String> labels, int nodes) {
        this(labels, List.of(), nodes);
    }

    /**
     * The proposal with the fewest tolerations that leaves the most nodes, with the fewest labels.
     *
     * @param assessment the assessment of all images of the workload, for the profiles of all nodes
     * @param known all nodes and declared pools
     * @param eligible remembers which of them pods may be scheduled on: a denial must not filter thousands of nodes
     * @return empty if no selector by operating system and architecture works
     */
    public static Optional<NodeSelectorProposal> find(
            WorkloadAssessment assessment, Collection<NodeFacts> known, EligibleNodesCache eligible) {
        return candidates(assessment).stream()
                .flatMap(labels -> tried(labels, assessment, known, eligible).stream())
                .max(Comparator.comparingInt((NodeSelectorProposal proposal) ->
                                -proposal.tolerations().size())
                        .thenComparingInt(NodeSelectorProposal::nodes)
                        .thenComparing(proposal -> -proposal.labels().size()));
    }

    private static Set<Map<String, String>> candidates(WorkloadAssessment assessment) {
        List<Platform> platforms = new ArrayList<>();
        for (NodeProfile profile : profiles(assessment)) {
            if (runsAll(assessment, profile)) {
                platforms.add(profile.platform());
            }
        }
        Set<Map<String, String>> candidates = new LinkedHashSet<>();
        platforms.forEach(platform -> candidates.add(Map.of(ARCH, platform.architecture())));
        platforms.forEach(platform -> candidates.add(Map.of(OS, platform.os())));
        platforms.forEach(platform -> candidates.add(Map.of(OS, platform.os(), ARCH, platform.architecture())));
        return candidates;
    }

    private static Set<NodeProfile> profiles(WorkloadAssessment assessment) {
        return assessment.findings().isEmpty()
                ? Set.of()
                : assessment.findings().get(0).assessment().verdicts().keySet();
    }

    private static Optional<NodeSelectorProposal> tried(
            Map<String, String> labels,
            WorkloadAssessment assessment,
            Collection<NodeFacts> known,
            EligibleNodesCache eligible) {
        SchedulingRules rules = assessment.workload().scheduling();
        Map<String, String> selector = new TreeMap<>(rules.nodeSelector());
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (selector.putIfAbsent(label.getKey(), label.getValue()) != null) {
                return Optional.empty();
            }
        }
        SchedulingRules selecting = rules.withNodeSelector(selector);
        List<Toleration> tolerations = List.of();
        EligibleNodes nodes = eligible.of(selecting, known);
        if (nodes.basis() != Basis.NODES) {
            EligibleNodes tainted = eligible.of(selecting.withTolerations(List.of(Toleration.ALL)), known);
            tolerations = mostFrequent(tainted.missingTolerations(selecting));
            nodes = tolerations.isEmpty() ? nodes : eligible.of(tolerating(selecting, tolerations), known);
        }
        boolean works = nodes.basis() == Basis.NODES
                && nodes.byProfile().keySet().stream().allMatch(profile -> runsAll(assessment, profile));
        if (!works) {
            return Optional.empty();
        }
        // taints of architectures do not exclude nodes, but may need a toleration all the same
        Set<Toleration> all = new LinkedHashSet<>(tolerations);
        all.addAll(mostFrequent(nodes.missingTolerations()));
        return Optional.of(new NodeSelectorProposal(labels, List.copyOf(all), nodes.count()));
    }

    private static SchedulingRules tolerating(SchedulingRules rules, List<Toleration> more) {
        List<Toleration> tolerations = new ArrayList<>(rules.tolerations());
        tolerations.addAll(more);
        return rules.withTolerations(tolerations);
    }

    /** The tolerations that most of these nodes need; none if most need none, or if they are not meant to be tolerated. */
    private static List<Toleration> mostFrequent(Map<List<Toleration>, Integer> missing) {
        return missing.entrySet().stream()
                .filter(needed -> needed.getKey().size() <= MAX_TOLERATIONS
                        && needed.getKey().stream()
                                .noneMatch(toleration -> toleration.key().startsWith(NODE_ROLES)))
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(List.of());
    }

    private static boolean runsAll(WorkloadAssessment assessment, NodeProfile profile) {
        return assessment.findings().stream()
                .map(finding -> finding.assessment().verdicts().get(profile))
                .allMatch(verdict -> verdict != null && PolicyRules.settled(verdict));
    }
}
