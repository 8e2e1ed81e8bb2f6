package dev.stowage.node;

import java.util.Objects;
import java.util.Set;

/**
 * A taint of a node (core/v1 Taint).
 *
 * @param key the key
 * @param value the value, empty if it has none
 * @param effect {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}
 */
public record Taint(String key, String value, String effect) {

    private static final String NODE_CONDITION = "node.kubernetes.io/";
    private static final Set<String> TEMPORARY = Set.of(
            "unschedulable",
            "not-ready",
            "unreachable",
            "memory-pressure",
            "disk-pressure",
            "pid-pressure",
            "network-unavailable");

    public Taint {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(effect, "effect");
    }

    /** Whether it keeps pods from being scheduled; {@code PreferNoSchedule} does not. */
    boolean repelsScheduling() {
        return repelsRunning() || "NoSchedule".equals(effect);
    }

    /** Whether the kubelet rejects pods because of it, even those with a {@code nodeName}. */
    boolean repelsRunning() {
        return "NoExecute".equals(effect);
    }

    /** Whether it only reports a temporary state, such as not ready or cordoned: the node comes back with the same platform. */
    boolean isTemporary() {
        return key.startsWith(NODE_CONDITION) && TEMPORARY.contains(key.substring(NODE_CONDITION.length()));
    }
}
