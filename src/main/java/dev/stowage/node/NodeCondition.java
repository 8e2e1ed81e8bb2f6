package dev.stowage.node;

import dev.stowage.node.NodeSelectorTerm.Requirement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One requirement of a node affinity, prepared for the evaluation of many nodes. */
interface NodeCondition {

    boolean holdsFor(NodeFacts node);

    /**
     * The conditions of a term, all of which must hold.
     *
     * @return empty if the term matches no node, because it is empty or one of its requirements is invalid
     */
    static Optional<List<NodeCondition>> allOf(NodeSelectorTerm term) {
        List<@Nullable NodeCondition> conditions = new ArrayList<>();
        for (Requirement requirement : term.matchExpressions()) {
            conditions.add(onLabel(requirement));
        }
        for (Requirement requirement : term.matchFields()) {
            conditions.add(onField(requirement));
        }
        return conditions.isEmpty() || conditions.contains(null) ? Optional.empty() : Optional.of(conditions);
    }

    /** Null if the requirement is invalid (apimachinery: labels.NewRequirement). */
    private static @Nullable NodeCondition onLabel(Requirement requirement) {
        NodeCondition onNodes = onSetLabel(requirement);
        if (onNodes == null) {
            return null;
        }
        String key = requirement.key();
        return node -> {
            Set<String> choices = PlatformLabels.choices(node, key);
            return choices == null ? onNodes.holdsFor(node) : maySuit(requirement, choices);
        };
    }

    /** Whether a provisioner could choose a value that suits; of comparisons that is not known, so they are assumed to hold. */
    private static boolean maySuit(Requirement requirement, Set<String> choices) {
        return switch (requirement.operator()) {
            case "In" -> choices.isEmpty() || requirement.values().stream().anyMatch(choices::contains);
            case "NotIn" -> choices.isEmpty() || !new HashSet<>(requirement.values()).containsAll(choices);
            case "DoesNotExist" -> false;
            default -> true;
        };
    }

    private static @Nullable NodeCondition onSetLabel(Requirement requirement) {
        String key = requirement.key();
        // Set.copyOf probes linearly, which values of equal hash codes turn into quadratic time
        Set<String> values = new HashSet<>(requirement.values());
        return switch (requirement.operator()) {
            case "In" -> values.isEmpty() ? null : node -> isAmong(values, PlatformLabels.label(node, key));
            case "NotIn" -> values.isEmpty() ? null : node -> !isAmong(values, PlatformLabels.label(node, key));
            case "Exists" -> values.isEmpty() ? node -> PlatformLabels.label(node, key) != null : null;
            case "DoesNotExist" -> values.isEmpty() ? node -> PlatformLabels.label(node, key) == null : null;
            case "Gt", "Lt" -> comparison(requirement);
            default -> null;
        };
    }

    private static @Nullable NodeCondition comparison(Requirement requirement) {
        String key = requirement.key();
        boolean greater = "Gt".equals(requirement.operator());
        OptionalLong bound = requirement.values().size() == 1
                ? WholeNumber.in(requirement.values().get(0))
                : OptionalLong.empty();
        if (bound.isEmpty()) {
            return null;
        }
        long limit = bound.getAsLong();
        return node -> {
            String value = PlatformLabels.label(node, key);
            OptionalLong found = value == null ? OptionalLong.empty() : WholeNumber.in(value);
            return found.isPresent() && (greater ? found.getAsLong() > limit : found.getAsLong() < limit);
        };
    }

    /**
     * Null if the requirement is invalid: fields support {@code In} and {@code NotIn} with one value. The names of a declared pool's
     * nodes are unknown, so none of them matches.
     */
    private static @Nullable NodeCondition onField(Requirement requirement) {
        if (requirement.values().size() != 1) {
            return null;
        }
        String wanted = requirement.values().get(0);
        boolean isName = "metadata.name".equals(requirement.key());
        return switch (requirement.operator()) {
            case "In" -> node -> wanted.equals(field(node, isName));
            case "NotIn" -> node -> !wanted.equals(field(node, isName));
            default -> null;
        };
    }

    private static String field(NodeFacts node, boolean isName) {
        return isName && !node.declared() ? node.name() : "";
    }

    private static boolean isAmong(Set<String> values, @Nullable String value) {
        return value != null && values.contains(value);
    }
}
