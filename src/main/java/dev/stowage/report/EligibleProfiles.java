package dev.stowage.report;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.admission.NodeSource;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The node profiles that pods may be scheduled on, computed once for each set of rules and each change of the nodes. Thousands of
 * nodes have few profiles, so most changes of nodes change nothing here.
 */
public final class EligibleProfiles {

    private final NodeSource source;

    /** Equal rules of workloads are one object. Those that no workload has any more are forgotten, because they can be large. */
    private final Cache<SchedulingRules, Set<NodeProfile>> known =
            Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

    private volatile Collection<NodeFacts> nodes;

    public EligibleProfiles(NodeSource source) {
        this.source = source;
        this.nodes = source.nodes();
    }

    /**
     * The profiles of the nodes that pods with one of these rules may be scheduled on; empty if no node is known.
     *
     * @param namespace the namespace of the pods, which may state their platforms
     */
    public Set<NodeProfile> profiles(String namespace, Set<SchedulingRules> rules) {
        Optional<String> stated = source.platformsOf(namespace);
        if (stated.isEmpty()) {
            return profiles(rules);
        }
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        rules.forEach(one -> profiles.addAll(compute(one.inNamespace(stated))));
        return profiles;
    }

    /** The same where no namespace states platforms. */
    public Set<NodeProfile> profiles(Set<SchedulingRules> rules) {
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        rules.forEach(one -> profiles.addAll(known.get(one, this::compute)));
        return profiles;
    }

    private Set<NodeProfile> compute(SchedulingRules rules) {
        return Set.copyOf(EligibleNodes.of(rules, nodes).byProfile().keySet());
    }

    /**
     * Takes over the current nodes. Called periodically, not at each change of a node, because many change at once.
     *
     * @return whether the profiles for some rules have changed
     */
    public boolean refresh() {
        Collection<NodeFacts> now = source.nodes();
        if (now == nodes) {
            return false;
        }
        nodes = now;
        boolean changed = false;
        for (Map.Entry<SchedulingRules, Set<NodeProfile>> entry : known.asMap().entrySet()) {
            Set<NodeProfile> profiles = compute(entry.getKey());
            if (!profiles.equals(entry.getValue())) {
                entry.setValue(profiles);
                changed = true;
            }
        }
        return changed;
    }
}
