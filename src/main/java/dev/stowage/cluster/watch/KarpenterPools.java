package dev.stowage.cluster.watch;

import dev.stowage.async.DaemonThreads;
import dev.stowage.kube.ApiErrors;
import dev.stowage.kube.PagedList;
import dev.stowage.kube.StoredObjects;
import dev.stowage.log.ThrottledLog;
import dev.stowage.node.NodeFacts;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The NodePools of Karpenter as pools of nodes, watched where Karpenter is installed. Whether it is, is looked up again every minute;
 * without it, or without the permission to read them, Stowage continues with the nodes that there are.
 */
public final class KarpenterPools implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(KarpenterPools.class.getName());
    private static final String GROUP = "karpenter.sh";
    private static final String VERSION = "v1";
    private static final String PLURAL = "nodepools";
    private static final long AGAIN_SECONDS = 60;

    private record Snapshot(long version, List<NodeFacts> pools) {}

    private final KubernetesClient client;
    private final Clock clock;
    private final ThrottledLog log;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory("stowage-karpenter"));
    private volatile FactInformer<GenericKubernetesResource, List<NodeFacts>> informer;
    private volatile Snapshot snapshot = new Snapshot(0, List.of());
    private volatile boolean looked;

    /** Does nothing until {@link #start()}. */
    public KarpenterPools(KubernetesClient client, Clock clock) {
        this.client = StoredObjects.typed(client);
        this.clock = clock;
        this.log = new ThrottledLog(LOG, "cluster", FactInformer.DAY, clock);
    }

    /** Starts to look for Karpenter; returns at once. */
    public void start() {
        timer.scheduleWithFixedDelay(this::find, 0, AGAIN_SECONDS, TimeUnit.SECONDS);
    }

    /** Starts to watch NodePools if they are installed by now. */
    synchronized void find() {
        if (informer != null || timer.isShutdown()) {
            return;
        }
        try {
            if (isInstalled(client)) {
                informer = watch();
                informer.start();
            }
            log.resolve(PLURAL);
        } catch (KubernetesClientException e) {
            log.report(PLURAL, "cannot look for Karpenter: " + ApiErrors.describe(e));
        } catch (RuntimeException e) {
            // a task that threw would never run again
            log.report(PLURAL, "cannot look for Karpenter: " + e);
        }
        looked = true;
    }

    /** Whether the cluster has NodePools. */
    public static boolean isInstalled(KubernetesClient client) {
        return Optional.ofNullable(client.getApiResources(GROUP + "/" + VERSION)).stream()
                .flatMap(list -> list.getResources().stream())
                .anyMatch(resource -> PLURAL.equals(resource.getName()));
    }

    /**
     * The pools as they are now; none if Karpenter is not installed.
     *
     * @throws KubernetesClientException if they cannot be listed
     */
    public static List<NodeFacts> read(KubernetesClient client) {
        List<NodeFacts> pools = new ArrayList<>();
        if (isInstalled(client)) {
            PagedList.forEach(
                    client.genericKubernetesResources(kind()), nodePool -> pools.addAll(NodePoolReader.read(nodePool)));
        }
        return pools;
    }

    private static ResourceDefinitionContext kind() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(GROUP)
                .withVersion(VERSION)
                .withKind("NodePool")
                .withPlural(PLURAL)
                .withNamespaced(false)
                .build();
    }

    private FactInformer<GenericKubernetesResource, List<NodeFacts>> watch() {
        return new FactInformer<>(
                PLURAL + "." + GROUP,
                client.genericKubernetesResources(kind()),
                new FactStore<>(NodePoolReader::read, metadata -> {
                    GenericKubernetesResource skeleton = new GenericKubernetesResource();
                    skeleton.setMetadata(metadata);
                    return skeleton;
                }),
                clock,
                FactInformer.DAY);
    }

    /** The pools: the same list as long as no fact changes. Never blocks. */
    public List<NodeFacts> pools() {
        FactInformer<GenericKubernetesResource, List<NodeFacts>> watched = informer;
        if (watched == null) {
            return snapshot.pools();
        }
        Snapshot known = snapshot;
        long version = watched.store.version();
        if (known.version() != version) {
            List<NodeFacts> pools = new ArrayList<>();
            watched.store.facts().map(Map.Entry::getValue).forEach(pools::addAll);
            known = new Snapshot(version, List.copyOf(pools));
            snapshot = known;
        }
        return known.pools();
    }

    /** Whether it is known which NodePools there are, or why that cannot be known. */
    public boolean settled() {
        FactInformer<GenericKubernetesResource, List<NodeFacts>> watched = informer;
        return looked
                && (watched == null || watched.synced() || watched.problem().isPresent());
    }

    /** What is watched, in words. */
    public String state() {
        FactInformer<GenericKubernetesResource, List<NodeFacts>> watched = informer;
        return watched == null
                ? looked ? "not installed" : "not yet looked up"
                : watched.problem().orElseGet(() -> pools().size() + " known");
    }

    @Override
    public synchronized void close() {
        timer.shutdownNow();
        if (informer != null) {
            informer.close();
        }
    }
}
