package dev.stowage.cli.check;

import dev.stowage.admission.TemplateDefaults;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import java.util.List;
import java.util.Objects;

/**
 * The nodes that a run of {@code check} is for.
 *
 * @param nodes nodes, or pools that stand for some
 * @param described whether their labels and taints are known; of a platform given by option nothing else is
 * @param name a name for all of them: {@code the cluster's nodes}
 * @param defaults the defaults that their cluster adds to pods that are applied there
 */
record CheckedNodes(List<NodeFacts> nodes, boolean described, String name, TemplateDefaults defaults) {

    CheckedNodes {
        nodes = List.copyOf(nodes);
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(defaults, "defaults");
    }

    /** As much of a pod's rules as these nodes can answer. */
    SchedulingRules answerable(SchedulingRules rules) {
        return described ? rules : PlatformPools.answerable(rules);
    }

    /** All of them, counted: {@code 9 nodes}. */
    String counted() {
        return nodes.size() + " " + what(nodes);
    }

    /** What these are in words: {@code nodes}, {@code node pool}. */
    String what(List<NodeFacts> those) {
        boolean pools = those.stream().anyMatch(NodeFacts::declared);
        boolean real = those.stream().anyMatch(node -> !node.declared());
        String several = !described ? "platforms" : !pools ? "nodes" : real ? "nodes and node pools" : "node pools";
        return those.size() == 1 ? several.substring(0, several.length() - 1) : several;
    }
}
