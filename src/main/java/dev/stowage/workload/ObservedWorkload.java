package dev.stowage.workload;

import java.util.Objects;
import java.util.Optional;

/**
 * A workload in a cluster.
 *
 * @param workload the workload; of a pod with a controlling owner without the node that the scheduler chose, because its
 *     successor may run on another
 * @param apiVersion the group and version of its kind
 * @param uid its identity in the cluster
 * @param owner its controlling owner
 * @param ended whether its pods have finished and will not run again
 */
public record ObservedWorkload(Workload workload, String apiVersion, String uid, Optional<Owner> owner, boolean ended) {

    /**
     * The object that controls another, in the same namespace.
     *
     * @param kind its kind
     * @param name its name
     */
    public record Owner(String kind, String name) {
        public Owner {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(name, "name");
        }
    }

    public ObservedWorkload {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(apiVersion, "apiVersion");
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(owner, "owner");
    }
}
