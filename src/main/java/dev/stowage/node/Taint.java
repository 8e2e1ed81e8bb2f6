package dev.stowage.node;

import java.util.Objects;

/**
 * A taint of a node (core/v1 Taint).
 *
 * @param key the key
 * @param value the value, empty when there is none
 * @param effect {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}
 */
public record Taint(String key, String value, String effect) {
    public Taint {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(effect, "effect");
    }
}
