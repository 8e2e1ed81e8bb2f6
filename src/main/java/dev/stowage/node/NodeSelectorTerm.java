package dev.stowage.node;

import java.util.List;
import java.util.Objects;

/**
 * One alternative of a required node affinity (core/v1 NodeSelectorTerm): all its requirements must hold; one without any
 * matches nothing.
 *
 * @param matchExpressions requirements on labels
 * @param matchFields requirements on fields; the scheduler supports {@code metadata.name}
 */
public record NodeSelectorTerm(List<Requirement> matchExpressions, List<Requirement> matchFields) {

    public NodeSelectorTerm {
        matchExpressions = List.copyOf(matchExpressions);
        matchFields = List.copyOf(matchFields);
    }

    /**
     * A requirement on one key.
     *
     * @param key label or field
     * @param operator {@code In}, {@code NotIn}, {@code Exists}, {@code DoesNotExist}, {@code Gt}, {@code Lt}; with another one the
     *     term matches nothing
     * @param values the operands
     */
    public record Requirement(String key, String operator, List<String> values) {
        public Requirement {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(operator, "operator");
            values = List.copyOf(values);
        }
    }
}
