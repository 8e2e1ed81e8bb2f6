package dev.stowage.cli.check;

import dev.stowage.node.NodeFacts;
import dev.stowage.node.NodeSelectorTerm;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Platforms given on the command line as pools of nodes of which nothing is known but their platform. Whatever else a pod requires
 * of its nodes (zones, disks, names, taints), such a pool is taken to have it.
 */
public final class PlatformPools {

    private static final Set<String> KNOWN_LABELS = Set.of(
            "kubernetes.io/os",
            "kubernetes.io/arch",
            "beta.kubernetes.io/os",
            "beta.kubernetes.io/arch",
            "node.kubernetes.io/windows-build");

    private PlatformPools() {}

    /** A pool for each platform. */
    public static List<NodeFacts> of(Collection<Platform> platforms, RuntimeFamily runtime) {
        return platforms.stream()
                .map(platform -> pool(new NodeProfile(platform, runtime)))
                .toList();
    }

    private static NodeFacts pool(NodeProfile profile) {
        Platform platform = profile.platform();
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("kubernetes.io/os", platform.os());
        labels.put("kubernetes.io/arch", platform.architecture());
        labels.put("beta.kubernetes.io/os", platform.os());
        labels.put("beta.kubernetes.io/arch", platform.architecture());
        if (!platform.osVersion().isEmpty()) {
            labels.put("node.kubernetes.io/windows-build", platform.osVersion());
        }
        return new NodeFacts(platform.toString(), true, Optional.of(profile), labels, List.of());
    }

    /** The rules without what such pools cannot answer. */
    public static SchedulingRules answerable(SchedulingRules rules) {
        Map<String, String> selector = new LinkedHashMap<>(rules.nodeSelector());
        selector.keySet().retainAll(KNOWN_LABELS);
        return rules.withResources(Set.of())
                .withNodeName(Optional.empty())
                .withNodeSelector(selector)
                .withRequiredAffinity(rules.requiredAffinity().flatMap(PlatformPools::answerable));
    }

    /** One alternative that requires only what is assumed makes all of them fulfilled. */
    private static Optional<List<NodeSelectorTerm>> answerable(List<NodeSelectorTerm> terms) {
        List<NodeSelectorTerm> kept = new ArrayList<>();
        for (NodeSelectorTerm term : terms) {
            List<NodeSelectorTerm.Requirement> known = term.matchExpressions().stream()
                    .filter(requirement -> KNOWN_LABELS.contains(requirement.key()))
                    .toList();
            boolean asksNothing =
                    term.matchExpressions().isEmpty() && term.matchFields().isEmpty();
            if (known.isEmpty() && !asksNothing) {
                return Optional.empty();
            }
            kept.add(new NodeSelectorTerm(known, List.of()));
        }
        return Optional.of(kept);
    }
}
