package dev.stowage.report;

import dev.stowage.admission.NodeSource;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The platforms that pods may land on, worked out once for each set of rules and each change of the nodes. Thousands of nodes
 * come down to a few platforms, so most changes of nodes change nothing here.
 */
public final class EligibleProfiles {

    /** Far more than differ in a real cluster; then it begins again. */
    private static final int MOST_RULES = 20_000;

    private final NodeSource source;
    private final Map<SchedulingRules, Set<NodeProfile>> known = new ConcurrentHashMap<>();
    private volatile Collection<NodeFacts> nodes;

    public EligibleProfiles(NodeSource source) {
        this.source = source;
        this.nodes = source.nodes();
    }

    /** The profiles of the nodes that pods with one of these rules may land on, or that they pin; none when nothing is known. */
    public Set<NodeProfile> profiles(Set<SchedulingRules> rules) {
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        rules.forEach(one -> profiles.addAll(known.computeIfAbsent(one, this::workOut)));
        return profiles;
    }

    private Set<NodeProfile> workOut(SchedulingRules rules) {
        return Set.copyOf(EligibleNodes.of(rules, nodes).byProfile().keySet());
    }

    /**
     * Takes note of the nodes that there are now. Called now and then rather than at each change of a node, since nodes come and
     * go in swarms.
     *
     * @return whether the platforms that some pods may land on have changed
     */
    public boolean refresh() {
        Collection<NodeFacts> now = source.nodes();
        if (now == nodes) {
            return false;
        }
        nodes = now;
        if (known.size() > MOST_RULES) {
            known.clear();
            return true;
        }
        boolean changed = false;
        for (Map.Entry<SchedulingRules, Set<NodeProfile>> entry : known.entrySet()) {
            Set<NodeProfile> profiles = workOut(entry.getKey());
            if (!profiles.equals(entry.getValue())) {
                entry.setValue(profiles);
                changed = true;
            }
        }
        return changed;
    }
}
