package dev.stowage.workload;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A workload in a cluster.
 *
 * @param workloads the workload with each of its pod specs, at least one; of a pod with a controlling owner without the node that the
 *     scheduler chose, because its successor may run on another
 * @param apiVersion the group and version of its kind
 * @param uid its identity in the cluster
 * @param owner its controlling owner
 * @param ended whether its pods have finished and will not run again
 */
public record ObservedWorkload(
        List<Workload> workloads, String apiVersion, String uid, Optional<Owner> owner, boolean ended) {

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
        workloads = List.copyOf(workloads);
        if (workloads.isEmpty()) {
            throw new IllegalArgumentException("a workload without a pod spec has one without images");
        }
        Objects.requireNonNull(apiVersion, "apiVersion");
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(owner, "owner");
    }

    /** Its kind, namespace and name, which all its pod specs have in common. */
    public Workload any() {
        return workloads.get(0);
    }

    /** The images of all its pod specs. */
    public Stream<ImageUse> images() {
        return workloads.stream().flatMap(workload -> workload.images().stream());
    }
}
