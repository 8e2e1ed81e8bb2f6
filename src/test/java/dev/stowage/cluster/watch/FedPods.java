package dev.stowage.cluster.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.workload.ObservedWorkload;
import dev.stowage.workload.WorkloadSettings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The side of the pod informer that keeps things, without an API server: pods are fed to it as a list or watch would. */
public final class FedPods {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final WorkloadObjectReader reader = new WorkloadObjectReader(WorkloadSettings.DEFAULT);
    private final FactStore<GenericKubernetesResource, ObservedWorkload> store;

    /** Tells this listener of what is fed. */
    public FedPods(WorkloadListener listener) {
        this.store = new FactStore<>(
                object -> ((WatchedWorkload) object).observed(),
                metadata -> {
                    GenericKubernetesResource object = new GenericKubernetesResource();
                    object.setMetadata(metadata);
                    return object;
                },
                listener::changed);
    }

    /** A pod came or changed. */
    public void feed(Pod pod) {
        try (JsonParser parser = JSON.createParser(JSON.writeValueAsBytes(pod))) {
            parser.nextToken();
            GenericKubernetesResource read = reader.read(parser);
            store.put(store.getKey(read), read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
