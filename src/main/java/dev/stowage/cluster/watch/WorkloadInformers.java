package dev.stowage.cluster.watch;

import dev.stowage.workload.CustomKind;
import dev.stowage.workload.ObservedWorkload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The cluster's pods and what makes them, watched in all namespaces; what is kept of each is what Stowage decides on. Lists come
 * in pages and are never repeated without need.
 */
public final class WorkloadInformers implements AutoCloseable {

    private final Clock clock;
    private final WorkloadListener listener;
    private final WorkloadObjectReader reader;
    private final List<FactInformer<?, ?>> informers = new ArrayList<>();
    private final CustomWorkloadWatches custom;

    /**
     * Does nothing until {@link #start()}.
     *
     * @param client the cluster
     * @param customKinds kinds beyond Kubernetes' own that hold pods
     * @param clock the time
     * @param listener is notified of every workload and every change
     */
    public WorkloadInformers(
            KubernetesClient client, List<CustomKind> customKinds, Clock clock, WorkloadListener listener) {
        this.clock = clock;
        this.listener = listener;
        this.reader = new WorkloadObjectReader(client.getKubernetesSerialization(), customKinds);
        this.custom = new CustomWorkloadWatches(client, customKinds, clock, listener, reader);
        // Makers first: a pod whose maker is known needs no second look.
        watch(
                "deployments",
                client.apps().deployments().inAnyNamespace(),
                metadata -> with(new Deployment(), metadata));
        watch("cronjobs", client.batch().v1().cronjobs().inAnyNamespace(), metadata -> with(new CronJob(), metadata));
        watch("jobs", client.batch().v1().jobs().inAnyNamespace(), metadata -> with(new Job(), metadata));
        watch(
                "replicasets",
                client.apps().replicaSets().inAnyNamespace(),
                metadata -> with(new ReplicaSet(), metadata));
        watch(
                "statefulsets",
                client.apps().statefulSets().inAnyNamespace(),
                metadata -> with(new StatefulSet(), metadata));
        watch("daemonsets", client.apps().daemonSets().inAnyNamespace(), metadata -> with(new DaemonSet(), metadata));
        watch(
                "replicationcontrollers",
                client.replicationControllers().inAnyNamespace(),
                metadata -> with(new ReplicationController(), metadata));
        watch("pods", client.pods().inAnyNamespace(), metadata -> with(new Pod(), metadata));
    }

    private <T extends HasMetadata> void watch(String what, Informable<T> objects, Function<ObjectMeta, T> skeletons) {
        FactStore<T, ObservedWorkload> store = new FactStore<>(reader::read, skeletons, listener::changed);
        informers.add(new FactInformer<>(what, objects, store, clock, FactInformer.MINUTE));
    }

    private static <T extends HasMetadata> T with(T object, ObjectMeta metadata) {
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
