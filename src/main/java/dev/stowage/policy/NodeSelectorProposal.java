package dev.stowage.policy;

import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodes.Basis;
import dev.stowage.node.EligibleNodesCache;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
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
 * A node selector that keeps a workload's pods on nodes that run all its images. It is proposed only if it works: with it there are
 * eligible nodes, and all of them run every image.
 *
 * @param labels the labels to add to {@code nodeSelector}
 * @param nodes the number of nodes and declared pools that are then eligible
 */
public record NodeSelectorProposal(Map<String, String> labels, int nodes) {

    private static final String ARCH = "kubernetes.io/arch";
    private static final String OS = "kubernetes.io/os";

    public NodeSelectorProposal {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /**
     * The proposal that leaves the most nodes, with the fewest labels.
     *
     * @param assessment the assessment of all images of the workload
     * @param known all nodes and declared pools
     * @param eligible remembers which of them pods may be scheduled on: a denial must not filter thousands of nodes
     * @return empty if no selector by operating system and architecture works
     */
    public static Optional<NodeSelectorProposal> find(
            WorkloadAssessment assessment, Collection<NodeFacts> known, EligibleNodesCache eligible) {
        if (assessment.nodes().basis() != Basis.NODES) {
            return Optional.empty();
        }
        return candidates(assessment).stream()
                .flatMap(labels -> tried(labels, assessment, known, eligible).stream())
                .max(Comparator.comparingInt(NodeSelectorProposal::nodes)
                        .thenComparing(proposal -> -proposal.labels().size()));
    }

    private static Set<Map<String, String>> candidates(WorkloadAssessment assessment) {
        List<Platform> platforms = new ArrayList<>();
        for (NodeProfile profile : assessment.nodes().byProfile().keySet()) {
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
        EligibleNodes nodes = eligible.of(rules.withNodeSelector(selector), known);
        boolean works = nodes.basis() == Basis.NODES
                && nodes.byProfile().keySet().stream().allMatch(profile -> runsAll(assessment, profile));
        return works ? Optional.of(new NodeSelectorProposal(labels, nodes.count())) : Optional.empty();
    }

    private static boolean runsAll(WorkloadAssessment assessment, NodeProfile profile) {
        return assessment.findings().stream()
                .map(finding -> finding.assessment().verdicts().get(profile))
                .allMatch(verdict -> verdict != null && PolicyRules.settled(verdict));
    }
}
