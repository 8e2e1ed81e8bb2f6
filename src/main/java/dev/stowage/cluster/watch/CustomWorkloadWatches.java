package dev.stowage.cluster.watch;

import dev.stowage.workload.CustomKind;
import dev.stowage.workload.ObservedWorkload;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The objects of the kinds that the configuration names beyond Kubernetes' own, watched in all namespaces. A kind that is not
 * installed, or that may not be read, is said once and looked for again; nothing else waits for it.
 */
final class CustomWorkloadWatches implements AutoCloseable {

    private static final Logger LOG = System.getLogger(CustomWorkloadWatches.class.getName());
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final Duration SAID_ONCE = Duration.ofDays(1);

    private final KubernetesClient client;
    private final List<CustomKind> kinds;
    private final Clock clock;
    private final WorkloadListener listener;
    private final WorkloadObjectReader reader;
    private final Map<CustomKind, Watch<GenericKubernetesResource>> watches = new ConcurrentHashMap<>();
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private Instant next = Instant.MIN;
    private boolean closed;
    private volatile boolean looked;

    CustomWorkloadWatches(
            KubernetesClient client,
            List<CustomKind> kinds,
            Clock clock,
            WorkloadListener listener,
            WorkloadObjectReader reader) {
        this.client = client;
        this.kinds = List.copyOf(kinds);
        this.clock = clock;
        this.listener = listener;
        this.reader = reader;
    }

    /** Begins to watch the kinds that have come since the last call; asks the API server once a minute at most. */
    synchronized void find() {
        Instant now = clock.instant();
        if (closed || watches.size() == kinds.size() || now.isBefore(next)) {
            return;
        }
        next = now.plus(AGAIN);
        for (CustomKind kind : kinds) {
            if (!watches.containsKey(kind)) {
                find(kind);
            }
        }
        looked = true;
    }

    private void find(CustomKind kind) {
        try {
            Optional<ResourceDefinitionContext> found = resource(kind);
            if (found.isPresent()) {
                watch(kind, found.get());
            } else {
                say(kind.kind() + "." + kind.group() + " is not installed");
            }
        } catch (KubernetesClientException e) {
            say("cannot find " + kind.kind() + "." + kind.group() + ": " + e.getMessage());
        }
    }

    private void say(String what) {
        if (said.add(what)) {
            LOG.log(Level.WARNING, "{0}; its objects are left out of reports until it is available", what);
        }
    }

    /** The version that is configured, or the one that the cluster prefers. */
    private Optional<ResourceDefinitionContext> resource(CustomKind kind) {
        String version = kind.version();
        if (version.equals(CustomKind.ANY_VERSION)) {
            version = kind.group().isEmpty()
                    ? "v1"
                    : Optional.ofNullable(client.getApiGroup(kind.group()))
                            .map(group -> group.getPreferredVersion())
                            .map(GroupVersionForDiscovery::getVersion)
                            .orElse("");
        }
        if (version.isEmpty()) {
            return Optional.empty();
        }
        APIResourceList resources =
                client.getApiResources(kind.group().isEmpty() ? version : kind.group() + "/" + version);
        if (resources == null) {
            return Optional.empty();
        }
        String served = version;
        return resources.getResources().stream()
                .filter(resource -> kind.kind().equals(resource.getKind())
                        && !resource.getName().contains("/")
                        && Boolean.TRUE.equals(resource.getNamespaced()))
                .findFirst()
                .map(APIResource::getName)
                .map(plural -> new ResourceDefinitionContext.Builder()
                        .withGroup(kind.group())
                        .withVersion(served)
                        .withKind(kind.kind())
                        .withPlural(plural)
                        .withNamespaced(true)
                        .build());
    }

    private void watch(CustomKind kind, ResourceDefinitionContext resource) {
        String what = kind.group().isEmpty() ? resource.getPlural() : resource.getPlural() + "." + kind.group();
        FactStore<GenericKubernetesResource, ObservedWorkload> store = new FactStore<>(
                reader::read,
                metadata -> {
                    GenericKubernetesResource skeleton = new GenericKubernetesResource();
                    skeleton.setMetadata(metadata);
                    return skeleton;
                },
                listener::changed);
        Watch<GenericKubernetesResource> watch = new Watch<>(
                what, client.genericKubernetesResources(resource).inAnyNamespace(), store, clock, SAID_ONCE);
        watches.put(kind, watch);
        watch.start();
    }

    /** Whether nothing more will be known soon: what cannot be listed is not waited for. */
    boolean settled() {
        return (looked || kinds.isEmpty())
                && watches.values().stream()
                        .allMatch(watch -> watch.synced() || watch.problem().isPresent());
    }

    /** The permission that is missing. */
    Optional<String> problem() {
        return watches.values().stream()
                .flatMap(watch -> watch.problem().stream())
                .findFirst();
    }

    @Override
    public synchronized void close() {
        closed = true;
        watches.values().forEach(Watch::close);
    }
}
