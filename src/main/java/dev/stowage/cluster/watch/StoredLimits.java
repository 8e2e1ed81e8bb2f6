package dev.stowage.cluster.watch;

import dev.stowage.workload.ReviewBudget;

/**
 * Limits of what is kept of one stored object, far beyond what real workloads need: users can store objects of more than a megabyte,
 * and any number of them.
 */
final class StoredLimits {

    /** Values, keys and operators of selectors, affinities and tolerations together; and labels and taints of a node. */
    static final int SCHEDULING_VALUES = ReviewBudget.DEFAULT.selectorValues();

    /** Containers and volumes. */
    static final int CONTAINERS = ReviewBudget.DEFAULT.containers();

    /** Different images. */
    static final int IMAGES = ReviewBudget.DEFAULT.images();

    /** Extended resources of a node; GPUs that are partitioned have some twenty. */
    static final int RESOURCES = 200;

    /** Characters of one name or image; no valid one is longer. */
    static final int TEXT = 1_024;

    /** Characters of the annotation by which a namespace selects nodes. */
    static final int ANNOTATION = 8_192;

    private StoredLimits() {}
}
