package dev.stowage.platform;

import java.util.Objects;

/**
 * What of a node decides whether it can run an image; a verdict is for one profile, not for one node.
 *
 * @param platform the node's platform, normalised; Windows nodes carry their version
 * @param runtime how its container runtime chooses
 */
public record NodeProfile(Platform platform, RuntimeFamily runtime) {

    public NodeProfile {
        platform = platform.normalized();
        Objects.requireNonNull(runtime, "runtime");
    }

    /** The profile of a node with this platform and today's containerd. */
    public static NodeProfile of(Platform platform) {
        return new NodeProfile(platform, RuntimeFamily.CONTAINERD);
    }
}
