package dev.stowage.message;

import dev.stowage.image.Printable;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodes.Basis;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.text.WordList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;

/** The eligible nodes in words. */
final class NodeDescription {

    private static final int NAMES = 3;
    private static final int NAME_LENGTH = 63;
    private static final int PLATFORMS = 3;
    private static final int PLATFORM_LENGTH = 48;

    private final EligibleNodes nodes;

    NodeDescription(EligibleNodes nodes) {
        this.nodes = nodes;
    }

    /** {@code 2 of 5 eligible nodes}: those of these profiles. */
    String share(Collection<NodeProfile> profiles) {
        if (nodes.basis() == Basis.NONE) {
            return "any node";
        }
        if (nodes.basis() == Basis.STATED) {
            return MessageLine.listing(platforms(profiles), PLATFORMS) + ", "
                    + nodes.stated().orElseThrow().source().clause();
        }
        if (nodes.basis() == Basis.PINNED) {
            return MessageLine.listing(platforms(profiles), PLATFORMS) + ", which its pod requires";
        }
        List<NodeFacts> all = nodes.all();
        int some = 0;
        for (NodeProfile profile : profiles) {
            some += Objects.requireNonNull(nodes.byProfile().get(profile)).size();
        }
        String what = "eligible " + kind(all);
        if (some < all.size()) {
            return some + " of " + all.size() + " " + what;
        }
        return some == 1 ? "the only " + what.substring(0, what.length() - 1) : "any of the " + some + " " + what;
    }

    /** {@code arm-1, arm-2, arm-3 and 4 more (linux/arm64)}; empty where no node is known. */
    String location(Collection<NodeProfile> profiles) {
        if (nodes.basis() != Basis.NODES) {
            return "";
        }
        Map<String, List<NodeFacts>> byPlatform = new LinkedHashMap<>();
        for (NodeProfile profile : profiles) {
            byPlatform
                    .computeIfAbsent(inWords(profile.platform()), platform -> new ArrayList<>())
                    .addAll(nodes.byProfile().get(profile));
        }
        List<String> parts = new ArrayList<>();
        byPlatform.forEach((platform, those) -> parts.add(named(those) + " (" + platform + ")"));
        String more = parts.size() > PLATFORMS ? "; and " + (parts.size() - PLATFORMS) + " more platforms" : "";
        return String.join("; ", parts.subList(0, Math.min(PLATFORMS, parts.size()))) + more;
    }

    /** The platforms of these profiles, each once. */
    static List<String> platforms(Collection<NodeProfile> profiles) {
        return profiles.stream()
                .map(profile -> inWords(profile.platform()))
                .distinct()
                .toList();
    }

    static String inWords(Platform platform) {
        return MessageLine.cut(Printable.of(platform.toString()), PLATFORM_LENGTH);
    }

    private static String named(List<NodeFacts> those) {
        List<String> parts = new ArrayList<>();
        for (boolean declared : new boolean[] {false, true}) {
            // the first few only: sorting thousands for each denial would take longer than everything else
            PriorityQueue<String> first = new PriorityQueue<>(Comparator.reverseOrder());
            int count = 0;
            for (NodeFacts node : those) {
                if (node.declared() == declared) {
                    count++;
                    if (first.size() < NAMES) {
                        first.add(node.name());
                    } else if (node.name().compareTo(first.element()) < 0) {
                        first.remove();
                        first.add(node.name());
                    }
                }
            }
            if (count > 0) {
                List<String> names = first.stream()
                        .sorted()
                        .map(name -> MessageLine.cut(Printable.of(name), NAME_LENGTH))
                        .toList();
                String kind = declared ? (count == 1 ? "node pool " : "node pools ") : "";
                parts.add(
                        kind + (count > NAMES ? WordList.of(names, NAMES, count) : MessageLine.listing(names, NAMES)));
            }
        }
        return String.join(", ", parts);
    }

    /** In the plural. */
    private static String kind(List<NodeFacts> those) {
        boolean pools = those.stream().anyMatch(NodeFacts::declared);
        boolean nodes = those.stream().anyMatch(node -> !node.declared());
        return pools ? (nodes ? "nodes and node pools" : "node pools") : "nodes";
    }
}
