package dev.stowage.node;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of a pod spec that decide on which nodes it may run, as far as platforms matter: without ports,
 * preferences, and amounts of resources.
 *
 * @param nodeName {@code spec.nodeName}: bypasses the scheduler
 * @param nodeSelector {@code spec.nodeSelector}: all labels must be equal
 * @param requiredAffinity {@code requiredDuringSchedulingIgnoredDuringExecution}: any term must match; without terms it
 *     matches nothing
 * @param tolerations {@code spec.tolerations}
 * @param os {@code spec.os.name}: kubelets of another OS reject the pod
 * @param daemonSet whether the DaemonSet controller places the pods and adds its own tolerations
 * @param hostNetwork {@code spec.hostNetwork}, which adds a toleration to a DaemonSet's pods
 * @param resources the extended resources that its containers request, by name ({@code nvidia.com/gpu})
 * @param toleratesResources whether taints whose keys are these resources count as tolerated: the API server's plugin
 *     ExtendedResourceToleration may add the tolerations to the pods of a template
 * @param platforms the platforms that the pod runs on, whatever nodes there are; empty if the nodes decide
 */
@RecordBuilder
public record SchedulingRules(
        Optional<String> nodeName,
        Map<String, String> nodeSelector,
        Optional<List<NodeSelectorTerm>> requiredAffinity,
        List<Toleration> tolerations,
        Optional<String> os,
        boolean daemonSet,
        boolean hostNetwork,
        Set<String> resources,
        boolean toleratesResources,
        Optional<StatedPlatforms> platforms)
        implements SchedulingRulesBuilder.With {

    /** Bytes of an entry and its string, without the characters. */
    private static final int VALUE = 64;

    /** The rules of a pod that may run on any node. */
    public static final SchedulingRules NONE = new SchedulingRules(
            Optional.empty(), Map.of(), Optional.empty(), List.of(), Optional.empty(), false, false);

    /** The rules of a pod that tolerates all taints and may run on any node. */
    public static final SchedulingRules ANYWHERE = NONE.withTolerations(List.of(Toleration.ALL));

    public SchedulingRules {
        Objects.requireNonNull(nodeName, "nodeName");
        // Map.copyOf probes linearly, which keys of equal hash codes turn into quadratic time
        nodeSelector = Collections.unmodifiableMap(new LinkedHashMap<>(nodeSelector));
        requiredAffinity = requiredAffinity.map(List::copyOf);
        tolerations = List.copyOf(tolerations);
        Objects.requireNonNull(os, "os");
        resources = Collections.unmodifiableSet(new LinkedHashSet<>(resources));
        Objects.requireNonNull(platforms, "platforms");
    }

    /** Rules without extended resources and stated platforms. */
    public SchedulingRules(
            Optional<String> nodeName,
            Map<String, String> nodeSelector,
            Optional<List<NodeSelectorTerm>> requiredAffinity,
            List<Toleration> tolerations,
            Optional<String> os,
            boolean daemonSet,
            boolean hostNetwork) {
        this(
                nodeName,
                nodeSelector,
                requiredAffinity,
                tolerations,
                os,
                daemonSet,
                hostNetwork,
                Set.of(),
                false,
                Optional.empty());
    }

    /**
     * The same with what the namespace's annotation {@link StatedPlatforms#ANNOTATION} says, unless the pod itself says where it runs.
     *
     * @param annotation its value; one that is not valid has no effect
     */
    public SchedulingRules inNamespace(Optional<String> annotation) {
        return platforms.isPresent() || annotation.isEmpty()
                ? this
                : withPlatforms(annotation.flatMap(StatedPlatforms::ofNamespace));
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
        for (String resource : resources) {
            weight += VALUE + resource.length();
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
