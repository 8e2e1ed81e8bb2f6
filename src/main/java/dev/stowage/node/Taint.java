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

    /** Taints of new nodes that a controller removes as soon as the node is ready, and of nodes that are shut down for a while. */
    private static final Set<String> OF_STARTING_NODES = Set.of(
            "node.cloudprovider.kubernetes.io/uninitialized",
            "node.cloudprovider.kubernetes.io/shutdown",
            "node.cluster.x-k8s.io/uninitialized",
            "node.gardener.cloud/critical-components-not-ready",
            "karpenter.sh/unregistered",
            "cni.istio.io/not-ready",
            "k8s.ovn.org/network-unavailable",
            "node.deckhouse.io/uninitialized",
            "node.deckhouse.io/csi-not-bootstrapped");

    /** Cilium, the CSI drivers of clouds and others call it so. */
    private static final String AGENT_NOT_READY = "/agent-not-ready";

    /** The domains whose taints are temporary by their meaning (cluster-autoscaler's FAQ, Nidhogg). */
    private static final Set<String> OF_START_UP = Set.of(
            "startup-taint.cluster-autoscaler.kubernetes.io",
            "status-taint.cluster-autoscaler.kubernetes.io",
            "ignore-taint.cluster-autoscaler.kubernetes.io",
            "nidhogg.uswitch.com");

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

    /**
     * Whether it only reports a temporary state, such as not ready, cordoned or starting: the node comes, or comes back, with the same
     * platform.
     */
    boolean isTemporary() {
        if (key.startsWith(NODE_CONDITION)) {
            return TEMPORARY.contains(key.substring(NODE_CONDITION.length()));
        }
        return OF_STARTING_NODES.contains(key)
                || key.endsWith(AGENT_NOT_READY)
                || OF_START_UP.contains(key.substring(0, Math.max(0, key.indexOf('/'))));
    }

    /**
     * Whether it only keeps away pods that do not name this architecture. Google's GKE taints its Arm nodes so, and adds the toleration to
     * pods that name it.
     */
    boolean isOfArchitecture() {
        return PlatformLabels.isArchitecture(key) && "NoSchedule".equals(effect);
    }

    /** {@code key=value:effect}, as kubectl writes it. */
    @Override
    public String toString() {
        return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect;
    }
}
