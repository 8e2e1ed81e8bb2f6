package dev.stowage.steering;

import dev.stowage.node.NodeSelectorTerm;
import dev.stowage.node.NodeSelectorTerm.Requirement;
import dev.stowage.node.SchedulingRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The values that the labels {@code kubernetes.io/arch} and {@code kubernetes.io/os} of a node must have.
 *
 * @param architectures the allowed architectures, in order; any if there are none
 * @param systems the allowed operating systems, likewise
 */
public record PlatformRequirement(List<String> architectures, List<String> systems) {

    static final String ARCH = "kubernetes.io/arch";
    static final String OS = "kubernetes.io/os";

    public PlatformRequirement {
        architectures = List.copyOf(new TreeSet<>(architectures));
        systems = List.copyOf(new TreeSet<>(systems));
    }

    /** Whether it allows every node. */
    public boolean isEmpty() {
        return architectures.isEmpty() && systems.isEmpty();
    }

    /** The allowed values by label. */
    Map<String, List<String>> byLabel() {
        Map<String, List<String>> byLabel = new LinkedHashMap<>();
        if (!architectures.isEmpty()) {
            byLabel.put(ARCH, architectures);
        }
        if (!systems.isEmpty()) {
            byLabel.put(OS, systems);
        }
        return byLabel;
    }

    /** The architectures that the required affinity of a pod names, whether or not a node has them. */
    static Set<String> named(SchedulingRules rules) {
        return rules.requiredAffinity().orElse(List.of()).stream()
                .flatMap(term -> term.matchExpressions().stream())
                .filter(expression ->
                        expression.key().equals(ARCH) && expression.operator().equals("In"))
                .flatMap(expression -> expression.values().stream())
                .collect(Collectors.toSet());
    }

    /** The rules of a pod that must fulfil it, too. A term without requirements matches nothing, and stays as it is. */
    SchedulingRules addedTo(SchedulingRules rules) {
        if (isEmpty()) {
            return rules;
        }
        List<Requirement> added = byLabel().entrySet().stream()
                .map(label -> new Requirement(label.getKey(), "In", label.getValue()))
                .toList();
        List<NodeSelectorTerm> terms = rules.requiredAffinity()
                .map(all -> all.stream().map(term -> with(term, added)).toList())
                .orElseGet(() -> List.of(new NodeSelectorTerm(added, List.of())));
        return rules.withRequiredAffinity(Optional.of(terms));
    }

    private static NodeSelectorTerm with(NodeSelectorTerm term, List<Requirement> added) {
        if (term.matchExpressions().isEmpty() && term.matchFields().isEmpty()) {
            return term;
        }
        List<Requirement> expressions = new ArrayList<>(term.matchExpressions());
        expressions.addAll(added);
        return new NodeSelectorTerm(expressions, term.matchFields());
    }
}
