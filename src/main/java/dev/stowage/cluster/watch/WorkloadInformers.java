package dev.stowage.cluster.watch;

import dev.stowage.kube.StoredObjects;
import dev.stowage.workload.ObservedWorkload;
import dev.stowage.workload.WorkloadSettings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cluster's pods and what makes them, watched in all namespaces; what is kept of each is what Stowage decides on. Lists come
 * in pages and are never repeated without need.
 */
public final class WorkloadInformers implements AutoCloseable {

    private final Clock clock;
    private final WorkloadListener listener;
    private final List<FactInformer<?, ?>> informers = new ArrayList<>();
    private final CustomWorkloadWatches custom;

    /**
     * Does nothing until {@link #start()}.
     *
     * @param client the cluster
     * @param settings names the kinds beyond Kubernetes' own that contain pods
     * @param clock the time
     * @param listener is notified of every workload and every change
     */
    public WorkloadInformers(
            KubernetesClient client, WorkloadSettings settings, Clock clock, WorkloadListener listener) {
        KubernetesClient objects =
                StoredObjects.generic(client, WatchedWorkload.module(new WorkloadObjectReader(settings)));
        this.clock = clock;
        this.listener = listener;
        this.custom = new CustomWorkloadWatches(client, objects, settings.customKinds(), clock, listener);
        for (ResourceDefinitionContext kind : WatchedKinds.BUILT_IN) {
            informers.add(informer(objects, kind, listener, clock, FactInformer.MINUTE));
        }
    }

    /** An informer of one kind, not started. */
    static FactInformer<GenericKubernetesResource, ObservedWorkload> informer(
            KubernetesClient objects,
            ResourceDefinitionContext kind,
            WorkloadListener listener,
            Clock clock,
            Duration logInterval) {
        return new FactInformer<>(
                WatchedKinds.name(kind),
                objects.genericKubernetesResources(kind).inAnyNamespace(),
                new FactStore<>(
                        object -> ((WatchedWorkload) object).observed(),
                        WorkloadInformers::withMetadata,
                        listener::changed),
                clock,
                logInterval);
    }

    private static GenericKubernetesResource withMetadata(ObjectMeta metadata) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setMetadata(metadata);
        return object;
    }

    /** Starts watching, but for custom kinds; returns at once. */
    public void start() {
        informers.forEach(FactInformer::start);
    }

    /** Starts to watch the custom kinds that are installed; calls the API server, and should be called repeatedly. */
    public void findCustomKinds() {
        custom.find();
    }

    /** Whether everything has been looked for and listed once, but for custom kinds that cannot be. */
    public boolean synced() {
        return informers.stream().allMatch(FactInformer::synced) && custom.settled();
    }

    /** For how long changes may have been missed; zero while all watches are open. Never negative. */
    public Duration staleness() {
        return informers.stream()
                .map(FactInformer::staleness)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** What keeps it from listing or watching now, a clause for each kind that is concerned. */
    public Optional<String> problem() {
        return informers.stream()
                .flatMap(informer -> informer.problem().stream())
                .distinct()
                .reduce((some, more) -> some + "; " + more)
                .or(custom::problem);
    }

    /** Stops watching. */
    @Override
    public void close() {
        custom.close();
        informers.forEach(FactInformer::close);
    }
}
