package dev.stowage.node;

import dev.stowage.platform.NodeProfile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The properties of a node, or of a declared pool of nodes, that decide which pods and images it can run.
 *
 * @param name the node's name, or the pool's
 * @param declared whether this is a declared pool ({@code nodePools}) of nodes that an autoscaler could add
 * @param profile platform and runtime; empty if the node reports them neither in its status nor by labels
 * @param labels its labels
 * @param taints its taints
 */
public record NodeFacts(
        String name, boolean declared, Optional<NodeProfile> profile, Map<String, String> labels, List<Taint> taints) {
    public NodeFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(profile, "profile");
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        taints = List.copyOf(taints);
    }
}
