package dev.stowage.policy;

import dev.stowage.workload.Workload;

/** The rule that says how many of a workload's eligible nodes must run it. */
public enum PlacementRule {
    /** Something else decides later on which nodes its pods run: one node is enough. */
    PLACED_LATER("scheduling gates, resource claims or a queue decide later where its pods run, so one node is enough"),
    /** Its controller creates a pod on every eligible node, whatever is configured. */
    DAEMON_SET("a DaemonSet has a pod on every eligible node"),
    /** Its owner was checked when it was applied. */
    OWNED("its owner was checked, so ownedPodPlacement applies"),
    /**
     * Pods of an owner whose images are not checked: denying them one by one would only show that their owner could not be checked.
     */
    UNCHECKED_OWNER("its owner is of a kind that is not checked, so ownedPodPlacement applies"),
    /** The usual one. */
    CONFIGURED("as configured");

    private final String clause;

    PlacementRule(String clause) {
        this.clause = clause;
    }

    /** The rule of this workload. */
    public static PlacementRule of(Workload workload) {
        if (workload.placedLater()) {
            return PLACED_LATER;
        }
        if (workload.scheduling().daemonSet()) {
            return DAEMON_SET;
        }
        if (workload.owned()) {
            return OWNED;
        }
        return workload.uncheckedOwner().isPresent() ? UNCHECKED_OWNER : CONFIGURED;
    }

    /** The reason in a clause, for messages. */
    public String clause() {
        return clause;
    }
}
