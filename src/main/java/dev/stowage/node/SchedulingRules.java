package dev.stowage.node;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What of a pod's spec decides which nodes it may be scheduled on, without what the platform of an image has no bearing on
 * (resources, ports, preferences).
 *
 * @param nodeName {@code spec.nodeName}: bypasses the scheduler
 * @param nodeSelector {@code spec.nodeSelector}: all labels must be equal
 * @param requiredAffinity {@code requiredDuringSchedulingIgnoredDuringExecution}: any term must match; present without terms it
 *     matches nothing
 * @param tolerations {@code spec.tolerations}
 * @param os {@code spec.os.name}: other kubelets refuse the pod
 * @param daemonSet whether the DaemonSet controller places the pods and adds its own tolerations
 * @param hostNetwork {@code spec.hostNetwork}, which adds a toleration to a DaemonSet's pods
 */
public record SchedulingRules(
        Optional<String> nodeName,
        Map<String, String> nodeSelector,
        Optional<List<NodeSelectorTerm>> requiredAffinity,
        List<Toleration> tolerations,
        Optional<String> os,
        boolean daemonSet,
        boolean hostNetwork) {

    /** A pod that says nothing about where it wants to run. */
    public static final SchedulingRules NONE = new SchedulingRules(
            Optional.empty(), Map.of(), Optional.empty(), List.of(), Optional.empty(), false, false);

    public SchedulingRules {
        Objects.requireNonNull(nodeName, "nodeName");
        nodeSelector = Map.copyOf(nodeSelector);
        requiredAffinity = requiredAffinity.map(List::copyOf);
        tolerations = List.copyOf(tolerations);
        Objects.requireNonNull(os, "os");
    }
}
