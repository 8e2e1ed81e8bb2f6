package dev.stowage.node;

import java.util.Objects;

/**
 * A toleration of a pod (core/v1 Toleration); absent parts are empty.
 *
 * @param key the key; empty with {@code Exists} tolerates every key
 * @param operator {@code Equal} (also when empty) or {@code Exists}
 * @param value the value
 * @param effect the effect; empty tolerates every effect
 */
public record Toleration(String key, String operator, String value, String effect) {
    public Toleration {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(operator, "operator");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(effect, "effect");
    }
}
