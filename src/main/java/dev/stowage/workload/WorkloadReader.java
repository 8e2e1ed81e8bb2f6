package dev.stowage.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * Finds the pod spec in a Kubernetes object and reads from it what Stowage decides on. It knows Pod, Deployment, ReplicaSet,
 * StatefulSet, DaemonSet, Job, CronJob, ReplicationController and PodTemplate; unknown fields are passed over.
 */
public final class WorkloadReader {

    /**
     * Reads one object.
     *
     * @param object the object as JSON, whole or without the parts that Stowage does not need
     * @return the workload, or nothing when the kind holds no pods
     * @throws InvalidWorkloadException when a field that is needed has another type than Kubernetes gives it
     */
    public Optional<Workload> read(JsonNode object) {
        throw new UnsupportedOperationException("helper");
    }
}
