package dev.stowage.node;

import java.util.Objects;
import java.util.Set;

/**
 * A taint of a node (core/v1 Taint).
 *
 * @param key the key
 * @param value the value, empty when there is none
 * @param effect {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}
 */
public record Taint(String key, String value, String effect) {

    private static final String NODE_CONDITION = "node.kubernetes.io/";
    private static final Set<String> PASSING = Set.of(
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

    /** Whether it keeps pods from being placed; {@code PreferNoSchedule} does not. */
    boolean barsPlacement() {
        return barsRunning() || "NoSchedule".equals(effect);
    }

    /** Whether the kubelet refuses pods for it, even those that name the node themselves. */
    boolean barsRunning() {
        return "NoExecute".equals(effect);
    }

    /** Whether it says only that the node is unwell or cordoned: such a node comes back, and its platform stays. */
    boolean passes() {
        return key.startsWith(NODE_CONDITION) && PASSING.contains(key.substring(NODE_CONDITION.length()));
    }
}
