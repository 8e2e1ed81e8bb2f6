package dev.stowage.node;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a provisioner (Karpenter) chooses when it adds a node to a pool: within the pool's requirements, and as the pods need it.
 *
 * @param choices the values that a label may get; any value if there are none. Well-known labels that are not listed may have any
 * @param anyArchitecture whether the pool does not say which architectures its nodes have
 */
public record Provisioner(Map<String, Set<String>> choices, boolean anyArchitecture) {

    /** Labels that every architecture can have. */
    private static final Set<String> NEUTRAL = Set.of(
            "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region",
            "karpenter.sh/capacity-type");

    private static final Set<String> WELL_KNOWN =
            Set.of("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type");

    /** The domains of clouds: {@code karpenter.k8s.aws/instance-family}. */
    private static final String CLOUDS = "karpenter.";

    public Provisioner {
        Map<String, Set<String>> copy = new LinkedHashMap<>();
        choices.forEach((key, values) -> copy.put(key, Collections.unmodifiableSet(new HashSet<>(values))));
        choices = Collections.unmodifiableMap(copy);
    }

    /** The values of which the label gets one, empty for any; null if the provisioner does not set the label. */
    @Nullable
    Set<String> valuesOf(String key) {
        Set<String> values = choices.get(key);
        boolean open = values == null && (NEUTRAL.contains(key) || WELL_KNOWN.contains(key) || key.startsWith(CLOUDS));
        return open ? Set.of() : values;
    }

    /** Whether a value of this label may exclude architectures, as an instance type does. */
    boolean decidesArchitecture(String key) {
        return !NEUTRAL.contains(key) && valuesOf(key) != null;
    }
}
