package dev.stowage.platform;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a node decides whether it can run an image; a verdict is for one profile, not for one node.
 *
 * @param platform the node's platform, normalised; Windows nodes carry their version
 * @param runtime how its container runtime chooses
 * @param emulates the platforms whose programs it also runs, by an emulator such as binfmt_misc and QEMU; normalised, often none
 */
public record NodeProfile(Platform platform, RuntimeFamily runtime, List<Platform> emulates) {

    public NodeProfile {
        platform = platform.normalized();
        Objects.requireNonNull(runtime, "runtime");
        emulates = emulates.isEmpty()
                ? List.of()
                : emulates.stream().map(Platform::normalized).toList();
    }

    /** The profile of a node that emulates nothing. */
    public NodeProfile(Platform platform, RuntimeFamily runtime) {
        this(platform, runtime, List.of());
    }

    /** The profile of a node with this platform and today's containerd. */
    public static NodeProfile of(Platform platform) {
        return new NodeProfile(platform, RuntimeFamily.CONTAINERD_2_3);
    }

    /** The profiles that it may turn out to be; see {@link RuntimeFamily#possible}. */
    public List<NodeProfile> possible() {
        List<RuntimeFamily> families = runtime.possible();
        if (families.size() == 1) {
            return List.of(this);
        }
        List<NodeProfile> profiles = new ArrayList<>();
        families.forEach(family -> profiles.add(new NodeProfile(platform, family, emulates)));
        return profiles;
    }

    /** The profiles that any of these may turn out to be. */
    public static Set<NodeProfile> possible(Set<NodeProfile> profiles) {
        Set<NodeProfile> possible = new LinkedHashSet<>();
        profiles.forEach(profile -> possible.addAll(profile.possible()));
        return possible;
    }

    /** The runtime, and what the node emulates, as messages and reports name them. */
    public String runtimeLabel() {
        return emulates.isEmpty()
                ? runtime.label()
                : runtime.label() + ", emulates "
                        + emulates.stream().map(Platform::toString).collect(Collectors.joining(", "));
    }

    /** Whether it runs programs of this platform, which is not its own, by an emulator. */
    public boolean emulates(Platform other) {
        return !emulates.isEmpty() && emulates.contains(other.normalized());
    }
}
