package dev.stowage.workload;

import java.util.Objects;

/**
 * One pod spec of an object. Pods and Kubernetes' own workloads have one; custom kinds may have several, each with scheduling rules of
 * its own.
 *
 * @param path the path of the pod spec, such as {@code spec.replicatedJobs[0].template.spec.template.spec}; empty where the kind alone
 *     says it. Users choose its names
 * @param workload the object with this pod spec
 */
public record PodTemplate(String path, Workload workload) {

    /** The most pod specs of one object that are read; real ones have a dozen. */
    public static final int MAX = 64;

    public PodTemplate {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(workload, "workload");
    }
}
