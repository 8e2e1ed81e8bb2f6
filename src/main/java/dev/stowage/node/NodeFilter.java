package dev.stowage.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's filters that depend on a node's properties (NodeName, NodeAffinity, TaintToleration), prepared for many nodes; and
 * the kubelet's, if a pod has a {@code nodeName}.
 */
final class NodeFilter {

    private final SchedulingRules rules;
    private final @Nullable String os;
    private final @Nullable String nodeName;
    private final boolean bypassesScheduler;
    private final List<Map.Entry<String, String>> selector;

    /** The terms that can match, each a list of conditions; null if there is no affinity. */
    private final @Nullable List<List<NodeCondition>> terms;

    NodeFilter(SchedulingRules rules) {
        this.rules = rules;
        this.os = rules.os().orElse(null);
        this.nodeName = rules.nodeName().orElse(null);
        // the DaemonSet controller compares the name, but its pods go through the scheduler
        this.bypassesScheduler = nodeName != null && !rules.daemonSet();
        this.selector = List.copyOf(rules.nodeSelector().entrySet());
        this.terms = rules.requiredAffinity()
                .map(all -> all.stream()
                        .map(NodeCondition::allOf)
                        .flatMap(Optional::stream)
                        .toList())
                .orElse(null);
    }

    boolean admits(NodeFacts node) {
        return fitsName(node) && fitsOs(node) && fitsSelector(node) && fitsTaints(node) && fitsAffinity(node);
    }

    private boolean fitsName(NodeFacts node) {
        return nodeName == null || !node.declared() && nodeName.equals(node.name());
    }

    /** The scheduler ignores {@code spec.os}, but kubelets of another OS reject the pod. */
    private boolean fitsOs(NodeFacts node) {
        return os == null
                || node.profile()
                        .map(profile -> os.equals(profile.platform().os()))
                        .orElse(true);
    }

    private boolean fitsSelector(NodeFacts node) {
        for (int i = 0; i < selector.size(); i++) {
            Map.Entry<String, String> wanted = selector.get(i);
            if (!wanted.getValue().equals(PlatformLabels.label(node, wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private boolean fitsTaints(NodeFacts node) {
        List<Taint> taints = node.taints();
        for (int i = 0; i < taints.size(); i++) {
            Taint taint = taints.get(i);
            boolean repels = bypassesScheduler ? taint.repelsRunning() : taint.repelsScheduling();
            if (repels && !taint.isTemporary() && !isTolerated(taint)) {
                return false;
            }
        }
        return true;
    }

    private boolean isTolerated(Taint taint) {
        List<Toleration> tolerations = rules.tolerations();
        for (int i = 0; i < tolerations.size(); i++) {
            if (tolerations.get(i).tolerates(taint)) {
                return true;
            }
        }
        return false;
    }

    private boolean fitsAffinity(NodeFacts node) {
        if (terms == null) {
            return true;
        }
        for (int i = 0; i < terms.size(); i++) {
            if (allHold(terms.get(i), node)) {
                return true;
            }
        }
        return false;
    }

    private static boolean allHold(List<NodeCondition> conditions, NodeFacts node) {
        for (int i = 0; i < conditions.size(); i++) {
            if (!conditions.get(i).holdsFor(node)) {
                return false;
            }
        }
        return true;
    }
}
