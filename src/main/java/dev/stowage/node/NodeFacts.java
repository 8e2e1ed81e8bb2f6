package dev.stowage.node;

import dev.stowage.platform.NodeProfile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The properties of a node, or of a declared pool of nodes, that decide which pods and images it can run.
 *
 * @param name the node's name, or the pool's
 * @param declared whether this is a declared pool ({@code nodePools}) of nodes that an autoscaler could add
 * @param profile platform and runtime; empty if the node reports them neither in its status nor by labels
 * @param labels its labels
 * @param taints its taints
 * @param resources the extended resources that it can allocate, by name ({@code nvidia.com/gpu})
 * @param provisioner what the provisioner of this pool chooses when it adds a node; empty for nodes and for pools that are
 *     described in full
 * @param problems labels and annotations of Stowage on it that cannot be read and have no effect, a predicate each
 */
public record NodeFacts(
        String name,
        boolean declared,
        Optional<NodeProfile> profile,
        Map<String, String> labels,
        List<Taint> taints,
        Set<String> resources,
        Optional<Provisioner> provisioner,
        List<String> problems) {
    public NodeFacts {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(profile, "profile");
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        taints = List.copyOf(taints);
        resources = Collections.unmodifiableSet(new LinkedHashSet<>(resources));
        Objects.requireNonNull(provisioner, "provisioner");
        problems = List.copyOf(problems);
    }

    /** A node or pool without extended resources. */
    public NodeFacts(
            String name,
            boolean declared,
            Optional<NodeProfile> profile,
            Map<String, String> labels,
            List<Taint> taints) {
        this(name, declared, profile, labels, taints, Set.of(), Optional.empty(), List.of());
    }

    /** The same with these taints. */
    public NodeFacts withTaints(List<Taint> others) {
        return new NodeFacts(name, declared, profile, labels, others, resources, provisioner, problems);
    }

    /** The same with these problems. */
    public NodeFacts withProblems(List<String> found) {
        return new NodeFacts(name, declared, profile, labels, taints, resources, provisioner, found);
    }

    /** The same with these extended resources. */
    public NodeFacts withResources(Set<String> names) {
        return new NodeFacts(name, declared, profile, labels, taints, names, provisioner, problems);
    }
}
