package dev.stowage.steering;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The platforms of the eligible nodes, as their labels say them, that run all images and that do not.
 *
 * @param good the platforms of nodes that run all images
 * @param bad the platforms of nodes that do not; if some nodes of a platform do, it is in both
 */
record PlatformChoice(Set<Platform> good, Set<Platform> bad) {

    /** Kubernetes runs on fewer. */
    private static final int MOST = 16;

    static PlatformChoice of(Set<NodeProfile> profiles, Predicate<NodeProfile> runs) {
        Set<Platform> good = new LinkedHashSet<>();
        Set<Platform> bad = new LinkedHashSet<>();
        profiles.forEach(profile -> (runs.test(profile) ? good : bad).add(SteeringPlanner.plain(profile.platform())));
        return new PlatformChoice(good, bad);
    }

    /** The platforms of which some nodes run all images and others do not. */
    Set<Platform> unclear() {
        Set<Platform> unclear = new LinkedHashSet<>(good);
        unclear.retainAll(bad);
        return unclear.isEmpty() ? bad : unclear;
    }

    /** Whether labels can tell good nodes from bad ones. */
    boolean isClear() {
        return good.stream().noneMatch(bad::contains);
    }

    /**
     * What excludes all bad platforms and no good one, the best first: by architecture, by operating system, by both; in each case
     * first with the architectures that have no node yet.
     *
     * @param offered the platforms that all images contain; empty if that is not known
     * @param named the architectures to which the pod is bound already: it may have been before it got another image
     */
    List<PlatformRequirement> requirements(Optional<Set<Platform>> offered, Set<String> named) {
        Set<String> architectures = names(good, Platform::architecture);
        Set<String> systems = names(good, Platform::os);
        Set<String> further = further(offered.orElse(Set.of()), systems);
        further.addAll(architectures);
        boolean boundToOthers = offered.isPresent() && !further.containsAll(named);
        List<String> unlessBound = boundToOthers ? List.copyOf(further) : List.of();
        if (bad.isEmpty()) {
            return List.of(new PlatformRequirement(unlessBound, List.of()));
        }
        List<PlatformRequirement> requirements = new ArrayList<>();
        if (bad.stream().noneMatch(platform -> architectures.contains(platform.architecture()))) {
            Set<String> widest = new TreeSet<>(further);
            bad.forEach(platform -> widest.remove(platform.architecture()));
            requirements.add(new PlatformRequirement(List.copyOf(widest), List.of()));
            requirements.add(new PlatformRequirement(List.copyOf(architectures), List.of()));
        } else if (bad.stream().noneMatch(platform -> systems.contains(platform.os()))) {
            requirements.add(new PlatformRequirement(unlessBound, List.copyOf(systems)));
        } else if (bad.stream()
                .noneMatch(platform ->
                        systems.contains(platform.os()) && architectures.contains(platform.architecture()))) {
            Set<String> widest = new TreeSet<>(further);
            bad.stream()
                    .filter(platform -> systems.contains(platform.os()))
                    .forEach(platform -> widest.remove(platform.architecture()));
            requirements.add(new PlatformRequirement(List.copyOf(widest), List.copyOf(systems)));
            requirements.add(new PlatformRequirement(List.copyOf(architectures), List.copyOf(systems)));
        }
        return requirements;
    }

    /** The architectures of the images that no eligible node has yet. */
    private static Set<String> further(Set<Platform> offered, Set<String> systems) {
        return offered.stream()
                .filter(platform -> systems.contains(platform.os()))
                .map(Platform::architecture)
                .sorted()
                .limit(MOST)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Set<Platform> platforms, Function<Platform, String> name) {
        return platforms.stream().map(name).collect(Collectors.toCollection(TreeSet::new));
    }
}
