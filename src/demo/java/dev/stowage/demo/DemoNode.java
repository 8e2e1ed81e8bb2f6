package dev.stowage.demo;

import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The nodes of the demonstration's cluster. */
enum DemoNode {
    AMD64("node-amd64", Platform.of("linux", "amd64")),
    ARM64("node-arm64", Platform.of("linux", "arm64"));

    private final String label;
    private final Platform platform;

    DemoNode(String label, Platform platform) {
        this.label = label;
        this.platform = platform;
    }

    /** The node's name. */
    String label() {
        return label;
    }

    Platform platform() {
        return platform;
    }

    /** The labels that a kubelet gives to such a node. */
    Map<String, String> labels() {
        return Map.of(
                "kubernetes.io/os", platform.os(),
                "kubernetes.io/arch", platform.architecture(),
                "kubernetes.io/hostname", label);
    }

    /** Both, for a webhook without a cluster. */
    static List<NodeFacts> facts() {
        return Stream.of(values())
                .map(node -> new NodeFacts(
                        node.label, false, Optional.of(NodeProfile.of(node.platform)), node.labels(), List.of()))
                .toList();
    }
}
