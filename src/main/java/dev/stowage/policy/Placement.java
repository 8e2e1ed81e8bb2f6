package dev.stowage.policy;

/** How many of a pod's eligible nodes have to be able to run it. */
public enum Placement {
    /** All of them: wherever the scheduler puts the pod, it runs. */
    ALL,
    /** At least one, which then runs all images of the pod. */
    ANY
}
