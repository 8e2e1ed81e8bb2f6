package dev.stowage.node;

import dev.stowage.node.NodeSelectorTerm.Requirement;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The platforms that a pod requires by {@code kubernetes.io/arch} and {@code kubernetes.io/os}, independent of the nodes. If one
 * term of the affinity requires no architecture, the pod requires none.
 */
final class PlatformPins {

    /** Kubernetes runs on about ten platforms; longer lists are not legitimate. */
    private static final int MAX_PLATFORMS = 32;

    /** The allowed values; null if any value is allowed. */
    private final @Nullable Set<String> architectures;

    private final @Nullable Set<String> systems;

    private PlatformPins(@Nullable Set<String> architectures, @Nullable Set<String> systems) {
        this.architectures = architectures;
        this.systems = systems;
    }

    /** The required platforms, at most 32; none if the pod requires no architecture or its rules contradict each other. */
    static Set<Platform> of(SchedulingRules rules) {
        PlatformPins pins = new PlatformPins(null, null);
        if (rules.os().isPresent()) {
            pins = new PlatformPins(null, Set.of(rules.os().get()));
        }
        for (var wanted : rules.nodeSelector().entrySet()) {
            pins = pins.and(wanted.getKey(), List.of(wanted.getValue()));
        }
        Set<Platform> platforms = new LinkedHashSet<>();
        for (PlatformPins alternative : alternatives(pins, rules)) {
            if (alternative.architectures == null) {
                return Set.of();
            }
            alternative.addTo(platforms);
        }
        return platforms;
    }

    private static List<PlatformPins> alternatives(PlatformPins pins, SchedulingRules rules) {
        if (rules.requiredAffinity().isEmpty()) {
            return List.of(pins);
        }
        List<PlatformPins> alternatives = new ArrayList<>();
        for (NodeSelectorTerm term : rules.requiredAffinity().get()) {
            if (NodeCondition.allOf(term).isPresent()) {
                alternatives.add(pins.and(term));
            }
        }
        alternatives.removeIf(PlatformPins::isContradiction);
        return alternatives;
    }

    private PlatformPins and(NodeSelectorTerm term) {
        PlatformPins pins = this;
        for (Requirement requirement : term.matchExpressions()) {
            if ("In".equals(requirement.operator())) {
                pins = pins.and(requirement.key(), requirement.values());
            }
        }
        return pins;
    }

    private PlatformPins and(String key, List<String> values) {
        if (PlatformLabels.isArchitecture(key)) {
            return new PlatformPins(both(architectures, values), systems);
        }
        return PlatformLabels.isOs(key) ? new PlatformPins(architectures, both(systems, values)) : this;
    }

    private static Set<String> both(@Nullable Set<String> before, List<String> values) {
        Set<String> both = new LinkedHashSet<>(values);
        if (before != null) {
            both.retainAll(before);
        }
        return both;
    }

    private boolean isContradiction() {
        return architectures != null && architectures.isEmpty() || systems != null && systems.isEmpty();
    }

    private void addTo(Set<Platform> platforms) {
        List<String> knownSystems = known(
                systems == null ? Set.of("linux") : systems,
                value -> Platform.of(value, "").normalized().os());
        List<String> knownArchitectures = known(
                architectures == null ? Set.of() : architectures,
                value -> Platform.of("", value).normalized().architecture());
        for (String os : knownSystems) {
            for (String architecture : knownArchitectures) {
                if (platforms.size() < MAX_PLATFORMS) {
                    platforms.add(Platform.of(os, architecture).normalized());
                }
            }
        }
    }

    /** Labels are compared exactly, so no node has {@code arch=ARM64}. */
    private static List<String> known(Set<String> values, UnaryOperator<String> normal) {
        return values.stream()
                .filter(value -> !value.isEmpty() && normal.apply(value).equals(value))
                .limit(MAX_PLATFORMS)
                .toList();
    }
}
