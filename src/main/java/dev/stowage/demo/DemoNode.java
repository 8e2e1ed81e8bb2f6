package dev.stowage.demo;

import dev.stowage.platform.Platform;

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
}
