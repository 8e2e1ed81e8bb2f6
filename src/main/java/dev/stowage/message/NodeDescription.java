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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
        int all = nodes.count();
        int some = 0;
        for (NodeProfile profile : profiles) {
            some += Objects.requireNonNull(nodes.byProfile().get(profile)).size();
        }
        String what = "eligible " + kind();
        if (some < all) {
            return some + " of " + all + " " + what;
        }
        return some == 1 ? "the only " + what.substring(0, what.length() - 1) : "any of the " + some + " " + what;
    }

    /** {@code arm-1, arm-2, arm-3 and 4 more (linux/arm64)}; empty where no node is known. */
    String location(Collection<NodeProfile> profiles) {
        if (nodes.basis() != Basis.NODES) {
            return "";
        }
        Map<String, List<List<NodeFacts>>> byPlatform = new LinkedHashMap<>();
        for (NodeProfile profile : profiles) {
            byPlatform
                    .computeIfAbsent(inWords(profile.platform()), platform -> new ArrayList<>())
                    .add(nodes.byProfile().get(profile));
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

    /** The first few names of nodes and of node pools; each list has its nodes in order, then its pools. */
    private static String named(List<List<NodeFacts>> lists) {
        List<NodeFacts> nodes = new ArrayList<>();
        List<NodeFacts> pools = new ArrayList<>();
        int nodeCount = 0;
        int poolCount = 0;
        for (List<NodeFacts> list : lists) {
            int pool = firstPool(list);
            nodeCount += pool;
            poolCount += list.size() - pool;
            nodes.addAll(list.subList(0, Math.min(pool, NAMES)));
            pools.addAll(list.subList(pool, Math.min(list.size(), pool + NAMES)));
        }
        List<String> parts = new ArrayList<>();
        if (nodeCount > 0) {
            parts.add(firstNames(nodes, nodeCount));
        }
        if (poolCount > 0) {
            parts.add((poolCount == 1 ? "node pool " : "node pools ") + firstNames(pools, poolCount));
        }
        return String.join(", ", parts);
    }

    private static String firstNames(List<NodeFacts> some, int count) {
        List<String> names = some.stream()
                .map(NodeFacts::name)
                .sorted()
                .limit(NAMES)
                .map(name -> MessageLine.cut(Printable.of(name), NAME_LENGTH))
                .toList();
        return count > NAMES ? WordList.of(names, NAMES, count) : MessageLine.listing(names, NAMES);
    }

    /** The index of the first pool: the pools are at the end, and few. */
    private static int firstPool(List<NodeFacts> those) {
        int index = those.size();
        while (index > 0 && those.get(index - 1).declared()) {
            index--;
        }
        return index;
    }

    /** In the plural. */
    private String kind() {
        boolean anyPool = false;
        boolean anyNode = false;
        for (List<NodeFacts> those : nodes.byProfile().values()) {
            int pool = firstPool(those);
            anyNode |= pool > 0;
            anyPool |= pool < those.size();
        }
        return anyPool ? (anyNode ? "nodes and node pools" : "node pools") : "nodes";
    }
}
