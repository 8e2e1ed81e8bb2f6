package dev.stowage.node;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The fields of a pod spec that decide on which nodes it may run, as far as platforms matter: without resources, ports and
 * preferences.
 *
 * @param nodeName {@code spec.nodeName}: bypasses the scheduler
 * @param nodeSelector {@code spec.nodeSelector}: all labels must be equal
 * @param requiredAffinity {@code requiredDuringSchedulingIgnoredDuringExecution}: any term must match; without terms it
 *     matches nothing
 * @param tolerations {@code spec.tolerations}
 * @param os {@code spec.os.name}: kubelets of another OS reject the pod
 * @param daemonSet whether the DaemonSet controller places the pods and adds its own tolerations
 * @param hostNetwork {@code spec.hostNetwork}, which adds a toleration to a DaemonSet's pods
 */
@RecordBuilder
public record SchedulingRules(
        Optional<String> nodeName,
        Map<String, String> nodeSelector,
        Optional<List<NodeSelectorTerm>> requiredAffinity,
        List<Toleration> tolerations,
        Optional<String> os,
        boolean daemonSet,
        boolean hostNetwork)
        implements SchedulingRulesBuilder.With {

    /** Bytes of an entry and its string, without the characters. */
    private static final int VALUE = 64;

    /** The rules of a pod that may run on any node. */
    public static final SchedulingRules NONE = new SchedulingRules(
            Optional.empty(), Map.of(), Optional.empty(), List.of(), Optional.empty(), false, false);

    public SchedulingRules {
        Objects.requireNonNull(nodeName, "nodeName");
        // Map.copyOf probes linearly, which keys of equal hash codes turn into quadratic time
        nodeSelector = Collections.unmodifiableMap(new LinkedHashMap<>(nodeSelector));
        requiredAffinity = requiredAffinity.map(List::copyOf);
        tolerations = List.copyOf(tolerations);
        Objects.requireNonNull(os, "os");
    }

    /** Bytes in memory, roughly. */
    int weight() {
        int weight = VALUE + nodeName.orElse("").length() + os.orElse("").length();
        for (Map.Entry<String, String> entry : nodeSelector.entrySet()) {
            weight += VALUE + entry.getKey().length() + entry.getValue().length();
        }
        for (Toleration toleration : tolerations) {
            weight += VALUE + toleration.key().length() + toleration.value().length();
        }
        for (NodeSelectorTerm term : requiredAffinity.orElse(List.of())) {
            weight += weight(term.matchExpressions()) + weight(term.matchFields());
        }
        return weight;
    }

    private static int weight(List<NodeSelectorTerm.Requirement> requirements) {
        int weight = VALUE;
        for (NodeSelectorTerm.Requirement requirement : requirements) {
            weight += VALUE + requirement.key().length();
            for (String value : requirement.values()) {
                weight += VALUE + value.length();
            }
        }
        return weight;
    }
}
