package dev.stowage.cluster.watch;

import dev.stowage.kube.PagedList;
import dev.stowage.kube.StoredObjects;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.ObservedWorkload;
import dev.stowage.workload.WorkloadSettings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The objects that {@link WorkloadInformers} watch, listed once in pages: each is given away and not kept. */
public final class WorkloadLists {

    private final KubernetesClient client;
    private final KubernetesClient objects;
    private final WorkloadSettings settings;
    private final Optional<String> namespace;
    private final Optional<String> selector;

    /** Is notified of a kind that could not be listed. */
    @FunctionalInterface
    public interface Unlisted {

        /**
         * A kind, or the rest of it, could not be listed.
         *
         * @param resource its plural
         * @param group its API group; empty for the core
         */
        void failed(String resource, String group, KubernetesClientException failure);
    }

    /**
     * Lists nothing yet.
     *
     * @param settings names the kinds beyond Kubernetes' own that contain pods
     * @param namespace only this namespace
     * @param selector only objects whose labels match
     */
    public WorkloadLists(
            KubernetesClient client, WorkloadSettings settings, Optional<String> namespace, Optional<String> selector) {
        this.client = client;
        this.objects = StoredObjects.generic(client, WatchedWorkload.module(new WorkloadObjectReader(settings, true)));
        this.settings = settings;
        this.namespace = namespace;
        this.selector = selector;
    }

    /**
     * Lists the objects of all kinds, those that make others first.
     *
     * @param each is given every object, and what its containers request by image if it is a pod
     * @param unlisted is notified of what could not be listed; the rest goes on
     */
    public void forEach(BiConsumer<ObservedWorkload, Map<String, Requests>> each, Unlisted unlisted) {
        for (CustomKind kind : WatchedKinds.distinct(settings.customKinds())) {
            try {
                WatchedKinds.find(client, kind).ifPresent(found -> list(found, each, unlisted));
            } catch (KubernetesClientException e) {
                unlisted.failed(kind.kind(), kind.group(), e);
            }
        }
        WatchedKinds.BUILT_IN.forEach(kind -> list(kind, each, unlisted));
    }

    private void list(
            ResourceDefinitionContext kind,
            BiConsumer<ObservedWorkload, Map<String, Requests>> each,
            Unlisted unlisted) {
        try {
            PagedList.forEach(selected(kind), object -> {
                WatchedWorkload workload = (WatchedWorkload) object;
                each.accept(workload.observed(), workload.requests());
            });
        } catch (KubernetesClientException e) {
            unlisted.failed(kind.getPlural(), kind.getGroup(), e);
        }
    }

    private FilterWatchListDeletable<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            selected(ResourceDefinitionContext kind) {
        var all = objects.genericKubernetesResources(kind);
        FilterWatchListDeletable<
                        GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
                in = namespace.isPresent() ? all.inNamespace(namespace.get()) : all.inAnyNamespace();
        return selector.isPresent() ? in.withLabelSelector(selector.get()) : in;
    }
}
