package dev.stowage.policy;

/** How many of a pod's eligible nodes must be able to run it. */
public enum Placement {
    /** All of them: the pod runs wherever it is scheduled. */
    ALL,
    /** At least one, which runs all images of the pod. */
    ANY
}
