package dev.stowage.cluster.watch;

import dev.stowage.workload.CustomKind;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Optional;

/** The kinds whose objects contain pods: those of Kubernetes, and how custom kinds are found. */
final class WatchedKinds {

    /** Makers first: a pod whose maker is known needs no second look. */
    static final List<ResourceDefinitionContext> BUILT_IN = List.of(
            kind("apps", "Deployment", "deployments"),
            kind("batch", "CronJob", "cronjobs"),
            kind("batch", "Job", "jobs"),
            kind("apps", "ReplicaSet", "replicasets"),
            kind("apps", "StatefulSet", "statefulsets"),
            kind("apps", "DaemonSet", "daemonsets"),
            kind("", "ReplicationController", "replicationcontrollers"),
            kind("", "Pod", "pods"));

    private WatchedKinds() {}

    private static ResourceDefinitionContext kind(String group, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion("v1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    /** The name of a kind in messages: {@code deployments.apps}. */
    static String name(ResourceDefinitionContext kind) {
        return kind.getGroup().isEmpty() ? kind.getPlural() : kind.getPlural() + "." + kind.getGroup();
    }

    /** Each kind once: several entries of a kind name several pod specs of the same objects. */
    static List<CustomKind> distinct(List<CustomKind> kinds) {
        return kinds.stream()
                .map(kind -> new CustomKind(kind.group(), kind.version(), kind.kind(), ""))
                .distinct()
                .toList();
    }

    /**
     * The resource of a custom kind, in the version that is configured, or the one that the cluster prefers; empty if it is not
     * installed.
     */
    static Optional<ResourceDefinitionContext> find(KubernetesClient client, CustomKind kind) {
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
}
