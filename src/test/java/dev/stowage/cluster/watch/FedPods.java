package dev.stowage.cluster.watch;

import dev.stowage.workload.ObservedWorkload;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/** The side of the pod informer that keeps things, without an API server: pods are fed to it as a list or watch would. */
public final class FedPods {

    private final FactStore<Pod, ObservedWorkload> store;

    /** Tells this listener of what is fed. */
    public FedPods(WorkloadListener listener) {
        WorkloadObjectReader reader = new WorkloadObjectReader(new KubernetesSerialization(), List.of());
        this.store = new FactStore<>(
                reader::read,
                metadata -> new PodBuilder().withMetadata(metadata).build(),
                listener::changed);
    }

    /** A pod came or changed. */
    public void feed(Pod pod) {
        store.put(store.getKey(pod), pod);
    }
}
