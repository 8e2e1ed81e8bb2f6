package dev.stowage.platform;

import java.util.OptionalInt;

/**
 * Which platforms a node's container runtime takes from an index, and which it prefers. One implementation for each family
 * of runtimes, because they differ (containerd/platforms: compare.go; containers/image: internal/pkg/platform).
 */
public interface PlatformMatcher {

    /** The matcher of this profile's runtime on this profile's platform. */
    static PlatformMatcher of(NodeProfile profile) {
        return switch (profile.runtime()) {
            case CRIO -> new CrioMatcher(profile.platform());
            default -> new ContainerdMatcher(profile.platform(), profile.runtime());
        };
    }

    /**
     * How well an entry of this platform suits the node.
     *
     * @param entry the platform as the index or config writes it
     * @return 0 for the best, larger for what is only tried in its absence; nothing when the runtime would never take it
     */
    OptionalInt rank(Platform entry);

    /**
     * Whether the runtime also fetches what it selected. containerd 2.1 and newer fetch the exact platform only, so a
     * sub-platform (386 on amd64, 32-bit arm on arm64, arm/v6 on arm/v7) is selected and then found missing
     * ("content … not found").
     *
     * @return false as well for what the runtime does not take at all
     */
    boolean fetches(Platform entry);

    /** Whether the runtime takes this entry at all. */
    default boolean matches(Platform entry) {
        return rank(entry).isPresent();
    }
}
