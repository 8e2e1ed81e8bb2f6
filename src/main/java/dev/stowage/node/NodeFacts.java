package dev.stowage.node;

import dev.stowage.platform.NodeProfile;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The few things about a node, or about a declared pool of nodes, that decide where pods may run and which images.
 *
 * @param name the node's name, or the pool's
 * @param declared whether this is a declared pool ({@code nodePools}) that stands for nodes an autoscaler could add
 * @param profile platform and runtime; empty when the node says neither in its status nor by labels what it is
 * @param labels its labels
 * @param taints its taints
 */
public record NodeFacts(
        String name, boolean declared, Optional<NodeProfile> profile, Map<String, String> labels, List<Taint> taints) {
    public NodeFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(profile, "profile");
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }
}
