package dev.stowage.cluster.watch;

import dev.stowage.workload.ObservedWorkload;

/** Is notified how the workloads of a cluster change, one at a time for each object; may be called by several threads. */
@FunctionalInterface
public interface WorkloadListener {

    /**
     * A workload came, changed or went.
     *
     * @param before what it was; null for one that came
     * @param after what it is; null for one that went
     */
    void changed(ObservedWorkload before, ObservedWorkload after);
}
