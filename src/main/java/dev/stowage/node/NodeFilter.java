package dev.stowage.node;

import dev.stowage.node.NodeSelectorTerm.Requirement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's filters that depend on a node's properties (NodeName, NodeAffinity, TaintToleration, and NodeResourcesFit for extended
 * resources), prepared for many nodes; and the kubelet's, if a pod has a {@code nodeName}.
 */
final class NodeFilter {

    /** Labels of Google's GKE, which adds tolerations for architectures. */
    private static final String GKE = "cloud.google.com/gke-";

    private final SchedulingRules rules;
    private final @Nullable String os;
    private final @Nullable String nodeName;
    private final boolean bypassesScheduler;
    private final List<Map.Entry<String, String>> selector;
    private final List<String> resources;

    /** The architectures that the pod allows by name. */
    private final Set<String> architectures = new HashSet<>();

    /** The terms that can match, each a list of conditions; null if there is no affinity. */
    private final @Nullable List<List<NodeCondition>> terms;

    NodeFilter(SchedulingRules rules) {
        this.rules = rules;
        this.os = rules.os().orElse(null);
        this.nodeName = rules.nodeName().orElse(null);
        // the DaemonSet controller compares the name, but its pods go through the scheduler
        this.bypassesScheduler = nodeName != null && !rules.daemonSet();
        this.selector = List.copyOf(rules.nodeSelector().entrySet());
        this.resources = List.copyOf(rules.resources());
        this.terms = rules.requiredAffinity()
                .map(all -> all.stream()
                        .map(NodeCondition::allOf)
                        .flatMap(Optional::stream)
                        .toList())
                .orElse(null);
        for (Map.Entry<String, String> wanted : selector) {
            if (PlatformLabels.isArchitecture(wanted.getKey())) {
                architectures.add(wanted.getValue());
            }
        }
        for (NodeSelectorTerm term : rules.requiredAffinity().orElse(List.of())) {
            for (Requirement requirement : term.matchExpressions()) {
                if (PlatformLabels.isArchitecture(requirement.key()) && "In".equals(requirement.operator())) {
                    architectures.addAll(requirement.values());
                }
            }
        }
    }

    /** Whether the pod may be scheduled on the node, or on a node that the provisioner of this pool could add. */
    boolean admits(NodeFacts node) {
        return isStated(node)
                && fitsName(node)
                && fitsOs(node)
                && otherLabel(node) == null
                && repellingTaint(node) == null
                && missingResource(node) == null
                && fitsAffinity(node);
    }

    /**
     * Whether an admitted node is known to fit. It is not where a pool's provisioner chooses something that may exclude the pool's
     * platform.
     */
    boolean isCertain(NodeFacts node) {
        if (node.provisioner().isEmpty()) {
            return true;
        }
        Provisioner provisioner = node.provisioner().get();
        return !provisioner.anyArchitecture()
                && node.resources().containsAll(resources)
                && selector.stream().noneMatch(label -> provisioner.decidesArchitecture(label.getKey()))
                && rules.requiredAffinity().orElse(List.of()).stream()
                        .flatMap(term -> term.matchExpressions().stream())
                        .noneMatch(requirement -> provisioner.decidesArchitecture(requirement.key()));
    }

    /** The first rule that excludes the node; empty if it is admitted. */
    Optional<Ineligibility> ineligibility(NodeFacts node) {
        return Optional.ofNullable(new IneligibilityDescription(rules, node).first(this));
    }

    boolean isStated(NodeFacts node) {
        return rules.platforms().isEmpty()
                || node.profile()
                        .filter(profile -> rules.platforms().get().include(profile.platform()))
                        .isPresent();
    }

    boolean fitsName(NodeFacts node) {
        return nodeName == null || !node.declared() && nodeName.equals(node.name());
    }

    /** The scheduler ignores {@code spec.os}, but kubelets of another OS reject the pod. */
    boolean fitsOs(NodeFacts node) {
        return os == null
                || node.profile()
                        .map(profile -> os.equals(profile.platform().os()))
                        .orElse(true);
    }

    /** An entry of the node selector that the node does not have. */
    Map.@Nullable Entry<String, String> otherLabel(NodeFacts node) {
        for (int i = 0; i < selector.size(); i++) {
            Map.Entry<String, String> wanted = selector.get(i);
            if (!wanted.getValue().equals(PlatformLabels.label(node, wanted.getKey())) && !mayGet(node, wanted)) {
                return wanted;
            }
        }
        return null;
    }

    private static boolean mayGet(NodeFacts node, Map.Entry<String, String> wanted) {
        Set<String> choices = PlatformLabels.choices(node, wanted.getKey());
        return choices != null && (choices.isEmpty() || choices.contains(wanted.getValue()));
    }

    /** A taint of the node that the pod does not tolerate. */
    @Nullable
    Taint repellingTaint(NodeFacts node) {
        List<Taint> taints = node.taints();
        for (int i = 0; i < taints.size(); i++) {
            Taint taint = taints.get(i);
            boolean allowed = taint.isOfArchitecture() && architectures.contains(taint.value());
            if (!allowed && repels(taint)) {
                return taint;
            }
        }
        return null;
    }

    /** The tolerations that the pod needs on this node in addition to its own. */
    List<Toleration> missingTolerations(NodeFacts node) {
        if (node.taints().isEmpty()) {
            return List.of();
        }
        boolean adds = node.labels().keySet().stream().anyMatch(key -> key.startsWith(GKE));
        return node.taints().stream()
                .filter(taint -> repels(taint) && !(adds && taint.isOfArchitecture()))
                .map(Toleration::of)
                .toList();
    }

    private boolean repels(Taint taint) {
        boolean repels = bypassesScheduler ? taint.repelsRunning() : taint.repelsScheduling();
        return repels && !taint.isTemporary() && !isTolerated(taint);
    }

    private boolean isTolerated(Taint taint) {
        if (rules.toleratesResources() && rules.resources().contains(taint.key())) {
            return true;
        }
        List<Toleration> tolerations = rules.tolerations();
        for (int i = 0; i < tolerations.size(); i++) {
            if (tolerations.get(i).tolerates(taint)) {
                return true;
            }
        }
        return false;
    }

    /** An extended resource that the node cannot allocate. Kubelets ignore those that their node does not have. */
    @Nullable
    String missingResource(NodeFacts node) {
        if (bypassesScheduler || node.provisioner().isPresent()) {
            return null;
        }
        for (int i = 0; i < resources.size(); i++) {
            if (!node.resources().contains(resources.get(i))) {
                return resources.get(i);
            }
        }
        return null;
    }

    boolean fitsAffinity(NodeFacts node) {
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
