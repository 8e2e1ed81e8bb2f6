package dev.stowage.cli.check;

import dev.stowage.cli.output.Explanation.Counts;
import dev.stowage.cli.output.Explanation.NodeGroup;
import dev.stowage.image.Printable;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.Ineligibility;
import dev.stowage.node.Ineligibility.Cause;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.node.StatedPlatforms;
import dev.stowage.platform.NodeProfile;
import dev.stowage.text.WordList;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Nodes with the same answer, so that thousands of nodes are a few lines: those that count by platform and runtime, the others by the
 * rule that excludes them. Where a rule says something else of each node, the first few answers stand for all.
 */
final class NodeGroups {

    private static final int NAMES = 3;
    private static final int PROFILES = 12;
    private static final int DETAILS = 3;

    private final CheckedNodes nodes;
    private final List<NodeGroup> groups = new ArrayList<>();

    private NodeGroups(CheckedNodes nodes) {
        this.nodes = nodes;
    }

    /**
     * @param rules what is known of the pod's rules, from which {@code eligible} follows
     * @param nodes all nodes
     */
    static List<NodeGroup> of(SchedulingRules rules, EligibleNodes eligible, CheckedNodes nodes) {
        NodeGroups found = new NodeGroups(nodes);
        found.add(Counts.YES, eligible.byProfile(), basis(eligible));
        found.add(Counts.PERHAPS, eligible.possible(), "; its provisioner may add others, so the webhook only warns");
        boolean elsewhere = eligible.stated()
                .filter(stated -> stated.source() == StatedPlatforms.Source.SCHEDULER)
                .isPresent();
        if (!elsewhere) {
            found.addExcluded(rules);
        }
        return found.groups;
    }

    private static String basis(EligibleNodes eligible) {
        return switch (eligible.basis()) {
            case NODES, NONE -> "";
            case STATED -> ", " + eligible.stated().orElseThrow().source().clause();
            case PINNED -> ", which its pod requires; no node has it";
        };
    }

    private void add(Counts counts, Map<NodeProfile, List<NodeFacts>> byProfile, String basis) {
        List<NodeFacts> others = new ArrayList<>();
        int shown = 0;
        for (Map.Entry<NodeProfile, List<NodeFacts>> those : byProfile.entrySet()) {
            if (shown++ < PROFILES) {
                NodeProfile profile = those.getKey();
                String why = profile.platform() + ", " + profile.runtimeLabel() + basis;
                groups.add(group(counts, those.getValue(), "", why));
            } else {
                others.addAll(those.getValue());
            }
        }
        if (shown > PROFILES) {
            groups.add(group(counts, others, "", (shown - PROFILES) + " more platforms and runtimes"));
        }
    }

    private void addExcluded(SchedulingRules rules) {
        Map<Cause, Map<String, List<NodeFacts>>> excluded = new EnumMap<>(Cause.class);
        for (NodeFacts node : nodes.nodes()) {
            EligibleNodes.ineligibility(rules, node).ifPresent(why -> {
                Map<String, List<NodeFacts>> byDetail =
                        excluded.computeIfAbsent(why.cause(), first -> new LinkedHashMap<>());
                boolean known = byDetail.containsKey(why.detail()) || byDetail.size() < DETAILS;
                byDetail.computeIfAbsent(known ? why.detail() : "", first -> new ArrayList<>())
                        .add(node);
            });
        }
        excluded.forEach((cause, byDetail) -> byDetail.forEach((detail, those) -> groups.add(group(
                Counts.NO,
                those,
                label(cause),
                detail.isEmpty() ? "excluded by the same rule, for other values" : detail))));
    }

    private NodeGroup group(Counts counts, List<NodeFacts> those, String rule, String why) {
        List<String> names = those.stream()
                .limit(NAMES)
                .map(node -> Printable.of(node.name()))
                .toList();
        String who = those.isEmpty()
                ? ""
                : those.size() + " " + nodes.what(those) + " (" + WordList.of(names, NAMES, those.size()) + ")";
        return new NodeGroup(counts, who, those.size(), names, rule, why);
    }

    /** {@code NodeSelector}. */
    private static String label(Ineligibility.Cause cause) {
        StringBuilder label = new StringBuilder();
        for (String word : cause.name().split("_")) {
            label.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return label.toString();
    }
}
