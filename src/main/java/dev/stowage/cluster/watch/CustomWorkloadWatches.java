package dev.stowage.cluster.watch;

import dev.stowage.kube.ApiErrors;
import dev.stowage.log.ThrottledLog;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.ObservedWorkload;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.lang.System.Logger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The objects of the kinds that the configuration names beyond Kubernetes' own, watched in all namespaces. A kind that is not
 * installed, or that may not be read, is logged once a day and looked up again every minute; nothing else waits for it.
 */
final class CustomWorkloadWatches implements AutoCloseable {

    private static final Logger LOG = System.getLogger(CustomWorkloadWatches.class.getName());
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final KubernetesClient client;
    private final KubernetesClient objects;
    private final List<CustomKind> kinds;
    private final Clock clock;
    private final WorkloadListener listener;
    private final Map<CustomKind, FactInformer<GenericKubernetesResource, ObservedWorkload>> informers =
            new ConcurrentHashMap<>();
    private final ThrottledLog log;
    private Instant next = Instant.MIN;
    private boolean closed;
    private volatile boolean looked;

    /**
     * @param client finds the kinds
     * @param objects reads their objects
     */
    CustomWorkloadWatches(
            KubernetesClient client,
            KubernetesClient objects,
            List<CustomKind> kinds,
            Clock clock,
            WorkloadListener listener) {
        this.client = client;
        this.objects = objects;
        this.kinds = WatchedKinds.distinct(kinds);
        this.clock = clock;
        this.log = new ThrottledLog(LOG, "custom workloads", FactInformer.DAY, clock);
        this.listener = listener;
    }

    /** Starts to watch the kinds that were installed since the last call; calls the API server once a minute at most. */
    synchronized void find() {
        Instant now = clock.instant();
        if (closed || informers.size() == kinds.size() || now.isBefore(next)) {
            return;
        }
        next = now.plus(AGAIN);
        for (CustomKind kind : kinds) {
            if (!informers.containsKey(kind)) {
                find(kind);
            }
        }
        looked = true;
    }

    private void find(CustomKind kind) {
        String name = kind.kind() + "." + kind.group();
        try {
            Optional<ResourceDefinitionContext> found = WatchedKinds.find(client, kind);
            if (found.isPresent()) {
                log.resolve(name);
                watch(kind, found.get());
            } else {
                log.report(name, name + " is not installed; reports continue without its objects");
            }
        } catch (KubernetesClientException e) {
            log.report(
                    name,
                    "cannot find " + name + ": " + ApiErrors.describe(e) + "; reports continue without its objects");
        }
    }

    private void watch(CustomKind kind, ResourceDefinitionContext resource) {
        FactInformer<GenericKubernetesResource, ObservedWorkload> informer =
                WorkloadInformers.informer(objects, resource, listener, clock, FactInformer.DAY);
        informers.put(kind, informer);
        informer.start();
    }

    /** Whether nothing more will be known soon: what cannot be listed is not waited for. */
    boolean settled() {
        return (looked || kinds.isEmpty())
                && informers.values().stream()
                        .allMatch(informer ->
                                informer.synced() || informer.problem().isPresent());
    }

    /** The permission that is missing. */
    Optional<String> problem() {
        return informers.values().stream()
                .flatMap(informer -> informer.problem().stream())
                .findFirst();
    }

    @Override
    public synchronized void close() {
        closed = true;
        informers.values().forEach(FactInformer::close);
    }
}
