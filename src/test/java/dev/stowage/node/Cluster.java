package dev.stowage.node;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nine nodes of the table of node eligibility, and parts to make others of. */
final class Cluster {

    static final NodeProfile AMD64 = NodeProfile.of(Platform.of("linux", "amd64"));
    static final NodeProfile ARM64 = NodeProfile.of(Platform.of("linux", "arm64"));
    static final NodeProfile WINDOWS =
            NodeProfile.of(new Platform("windows", "amd64", "", "10.0.20348.2227", List.of()));

    static final List<NodeFacts> NINE = List.of(
            node("amd", AMD64),
            node("arm", ARM64),
            node("arm-taint", ARM64, new Taint("arch", "arm64", "NoSchedule")),
            node("amd-prefer", AMD64, new Taint("x", "", "PreferNoSchedule")),
            node("amd-cordon", AMD64, new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule")),
            node(
                    "arm-notready",
                    ARM64,
                    new Taint("node.kubernetes.io/not-ready", "", "NoSchedule"),
                    new Taint("node.kubernetes.io/not-ready", "", "NoExecute")),
            node("cp", AMD64, new Taint("node-role.kubernetes.io/control-plane", "", "NoSchedule")),
            node("win", WINDOWS, new Taint("os", "windows", "NoSchedule")),
            new NodeFacts("nolabels", false, Optional.of(AMD64), Map.of(), List.of()));

    private Cluster() {}

    /** A node with the labels that its kubelet puts on. */
    static NodeFacts node(String name, NodeProfile profile, Taint... taints) {
        return node(name, profile, Map.of(), taints);
    }

    static NodeFacts node(String name, NodeProfile profile, Map<String, String> more, Taint... taints) {
        Platform platform = profile.platform();
        Map<String, String> labels = new HashMap<>(more);
        labels.put("kubernetes.io/hostname", name);
        for (String prefix : List.of("", "beta.")) {
            labels.put(prefix + "kubernetes.io/arch", platform.architecture());
            labels.put(prefix + "kubernetes.io/os", platform.os());
        }
        return new NodeFacts(name, false, Optional.of(profile), labels, List.of(taints));
    }

    static NodeFacts pool(String name, NodeProfile profile, Taint... taints) {
        return new NodeFacts(name, true, Optional.of(profile), Map.of(), List.of(taints));
    }
}
