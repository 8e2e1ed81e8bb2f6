package dev.stowage.node;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The labels with which every kubelet reports its platform. */
final class PlatformLabels {

    private static final String ARCHITECTURE = "kubernetes.io/arch";
    private static final String BETA_ARCHITECTURE = "beta.kubernetes.io/arch";
    private static final String OS = "kubernetes.io/os";
    private static final String BETA_OS = "beta.kubernetes.io/os";

    private PlatformLabels() {}

    static boolean isArchitecture(String key) {
        return ARCHITECTURE.equals(key) || BETA_ARCHITECTURE.equals(key);
    }

    static boolean isOs(String key) {
        return OS.equals(key) || BETA_OS.equals(key);
    }

    /** A label of the node, or of the pool's nodes; null if there is none. */
    static @Nullable String label(NodeFacts node, String key) {
        String value = node.labels().get(key);
        return value == null && node.declared() ? implied(node, key) : value;
    }

    /** The values of which a pool's provisioner gives one to the label, empty for any; null if the label is as {@link #label} says. */
    static @Nullable Set<String> choices(NodeFacts node, String key) {
        return node.provisioner().isEmpty() || label(node, key) != null
                ? null
                : node.provisioner().get().valuesOf(key);
    }

    /** A pool declares its platform; the kubelets of its nodes set the labels. */
    private static @Nullable String implied(NodeFacts pool, String key) {
        if (pool.profile().isEmpty()) {
            return null;
        }
        NodeProfile profile = pool.profile().get();
        Platform platform = profile.platform();
        return isArchitecture(key) ? platform.architecture() : isOs(key) ? platform.os() : null;
    }
}
