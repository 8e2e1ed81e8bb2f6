package dev.stowage.node;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A toleration of a pod (core/v1 Toleration); absent fields are empty.
 *
 * @param key the key; empty with {@code Exists} tolerates every key
 * @param operator {@code Equal} (also when empty), {@code Exists}, or {@code Lt} and {@code Gt}, which compare the taint's value
 *     with this one as integers; any other operator tolerates nothing
 * @param value the value
 * @param effect the effect; empty tolerates every effect
 */
public record Toleration(String key, String operator, String value, String effect) {
    /** Tolerates every taint. */
    public static final Toleration ALL = new Toleration("", "Exists", "", "");

    public Toleration {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(operator, "operator");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(effect, "effect");
    }

    /** The toleration of exactly this taint. */
    public static Toleration of(Taint taint) {
        return new Toleration(taint.key(), taint.value().isEmpty() ? "Exists" : "Equal", taint.value(), taint.effect());
    }

    /** Whether this toleration matches the taint. */
    public boolean tolerates(Taint taint) {
        boolean concerns =
                (effect.isEmpty() || effect.equals(taint.effect())) && (key.isEmpty() || key.equals(taint.key()));
        return concerns
                && switch (operator) {
                    case "", "Equal" -> value.equals(taint.value());
                    case "Exists" -> true;
                    case "Lt", "Gt" -> comparesNumbers(taint.value());
                    default -> false;
                };
    }

    private boolean comparesNumbers(String taintValue) {
        OptionalLong bound = WholeNumber.in(value);
        OptionalLong found = WholeNumber.in(taintValue);
        if (bound.isEmpty() || found.isEmpty()) {
            return false;
        }
        return "Lt".equals(operator) ? found.getAsLong() < bound.getAsLong() : found.getAsLong() > bound.getAsLong();
    }
}
