package dev.stowage.cli.cluster;

import dev.stowage.admission.KeyringSource;
import dev.stowage.cluster.secrets.PullSecrets;
import dev.stowage.cluster.watch.KarpenterPools;
import dev.stowage.cluster.watch.NamespaceFacts;
import dev.stowage.cluster.watch.NodeReader;
import dev.stowage.cluster.watch.Requests;
import dev.stowage.cluster.watch.WorkloadLists;
import dev.stowage.image.Printable;
import dev.stowage.kube.ApiErrors;
import dev.stowage.kube.ClusterUnavailableException;
import dev.stowage.kube.KubeClients;
import dev.stowage.kube.MissingPermission;
import dev.stowage.kube.PagedList;
import dev.stowage.node.NodeFacts;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.text.Glob;
import dev.stowage.workload.ObservedWorkload;
import dev.stowage.workload.WorkloadSettings;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * A cluster as the user of a kubeconfig can read it, with nothing installed there. A permission that is missing ends nothing: it is
 * noted with its fix, and the rest is read.
 */
public final class ScannedCluster implements AutoCloseable {

    /**
     * What could not be read.
     *
     * @param resource the resources: {@code pods}, {@code deployments.apps}
     * @param message why, and the fix
     * @param workloads whether images may be missing because of it
     */
    public record Gap(String resource, String message, boolean workloads) {
        public Gap {
            Objects.requireNonNull(resource, "resource");
            Objects.requireNonNull(message, "message");
        }
    }

    private final KubernetesClient client;
    private final Config config;
    private final Optional<String> namespace;
    /** Listed by one thread and noted by another, if the listing is interrupted. */
    private final List<Gap> gaps = new CopyOnWriteArrayList<>();

    private Optional<PullSecrets> secrets = Optional.empty();

    private ScannedCluster(KubernetesClient client, Config config, Optional<String> namespace) {
        this.client = client;
        this.config = config;
        this.namespace = namespace;
    }

    /**
     * Connects to a cluster.
     *
     * @param context the kubeconfig's context; its current one when empty
     * @param kubeconfig the kubeconfig; when empty that of {@code KUBECONFIG} or {@code ~/.kube/config}
     * @param namespace the only namespace to read; all when empty
     * @param timeout the timeout of requests to the API server
     * @throws ClusterUnavailableException when the kubeconfig cannot be used
     */
    public static ScannedCluster connect(
            Optional<String> context, Optional<Path> kubeconfig, Optional<String> namespace, Duration timeout)
            throws ClusterUnavailableException {
        Config config = ClusterNodeSource.config(context, kubeconfig);
        return new ScannedCluster(KubeClients.connect(config, timeout), config, namespace);
    }

    /** The name of its context, safe to print. */
    public String name() {
        return config.getCurrentContext() == null
                ? ""
                : Printable.of(config.getCurrentContext().getName());
    }

    /** What could not be read so far. */
    public List<Gap> gaps() {
        return List.copyOf(gaps);
    }

    /**
     * Its nodes, and the pools of Karpenter that name their architectures.
     *
     * @param transientTaints keys of taints that controllers remove from new nodes
     * @param karpenter whether the pools of Karpenter count
     * @throws ClusterUnavailableException when the cluster cannot be reached
     */
    public List<NodeFacts> nodes(List<Glob> transientTaints, boolean karpenter) throws ClusterUnavailableException {
        List<NodeFacts> nodes = new ArrayList<>();
        try {
            PagedList.forEach(client.nodes(), node -> nodes.add(NodeReader.read(node, transientTaints)));
        } catch (KubernetesClientException e) {
            note("nodes", "", e, false, "name the platforms with --platform");
        }
        try {
            if (karpenter) {
                KarpenterPools.read(client).stream()
                        .filter(pool -> !pool.provisioner().orElseThrow().anyArchitecture())
                        .forEach(nodes::add);
            }
        } catch (KubernetesClientException e) {
            note("nodepools", "karpenter.sh", e, false, "without it the pools of Karpenter do not count");
        }
        return nodes;
    }

    /**
     * The platforms that its namespaces state for their pods.
     *
     * @throws ClusterUnavailableException when the cluster cannot be reached
     */
    public Map<String, String> statedPlatforms() throws ClusterUnavailableException {
        Map<String, String> stated = new HashMap<>();
        try {
            if (namespace.isPresent()) {
                Namespace found = client.namespaces().withName(namespace.get()).get();
                if (found == null) {
                    gaps.add(new Gap("namespaces", "there is no namespace " + Printable.of(namespace.get()), false));
                } else {
                    add(found, stated);
                }
            } else {
                PagedList.forEach(client.namespaces(), found -> add(found, stated));
            }
        } catch (KubernetesClientException e) {
            note("namespaces", "", e, false, "without it annotations of namespaces do not count");
        }
        return stated;
    }

    private static void add(Namespace namespace, Map<String, String> stated) {
        NamespaceFacts.of(namespace)
                .platforms()
                .ifPresent(platforms -> stated.put(namespace.getMetadata().getName(), platforms));
    }

    /**
     * Lists pods and what makes them, page by page.
     *
     * @param selector only objects whose labels match
     * @param each is given every object, and what its containers request by image if it is a pod
     * @throws ClusterUnavailableException when the cluster cannot be reached
     */
    public void workloads(
            WorkloadSettings settings,
            Optional<String> selector,
            BiConsumer<ObservedWorkload, Map<String, Requests>> each)
            throws ClusterUnavailableException {
        List<ClusterUnavailableException> unavailable = new ArrayList<>();
        new WorkloadLists(client, settings, namespace, selector).forEach(each, (resource, group, failure) -> {
            try {
                String narrower = namespace.isPresent() ? "" : ", or choose a namespace with -n";
                note(resource, group, failure, true, "grant it" + narrower + "; images that only they use are missing");
            } catch (ClusterUnavailableException e) {
                unavailable.add(e);
            }
        });
        if (!unavailable.isEmpty()) {
            throw unavailable.get(0);
        }
    }

    /** The pull secrets of its workloads, read when they are needed. */
    public KeyringSource pullSecrets() {
        PullSecrets read =
                new PullSecrets(client, PullSecrets.Settings.DEFAULT, CredentialProvider.NONE, CredentialProvider.NONE);
        secrets = Optional.of(read);
        return read;
    }

    /** Notes what is missing and goes on, unless nothing can be read at all. */
    private void note(
            String resource, String group, KubernetesClientException failure, boolean workloads, String consequence)
            throws ClusterUnavailableException {
        String name = group.isEmpty() ? resource : resource + "." + group;
        String context = name().isEmpty() ? "this context" : "context \"" + name() + "\"";
        String message =
                switch (failure.getCode()) {
                    case HttpURLConnection.HTTP_FORBIDDEN -> {
                        String missing = MissingPermission.in(failure)
                                .orElseGet(() -> new MissingPermission("list", resource, group))
                                .toString();
                        yield name + " cannot be listed: the user of " + context + " lacks the permission " + missing
                                + "; " + consequence;
                    }
                    case HttpURLConnection.HTTP_UNAUTHORIZED ->
                        throw new ClusterUnavailableException(
                                true,
                                "the cluster rejects the credentials of " + context
                                        + ", which may have expired; log in again, or choose another with --context");
                    case HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_NOT_FOUND ->
                        name + " cannot be listed: " + ApiErrors.reason(failure);
                    case HttpURLConnection.HTTP_GONE ->
                        name + " were not listed to the end: the API server no longer has this state of the list;"
                                + " scan fewer with -n or -l";
                    default ->
                        throw new ClusterUnavailableException(
                                true,
                                "the cluster of " + context + " (" + Printable.of(config.getMasterUrl())
                                        + ") cannot be reached: " + ApiErrors.reason(failure)
                                        + "; choose another with --context");
                };
        gaps.add(new Gap(name, message, workloads));
    }

    @Override
    public void close() {
        secrets.ifPresent(PullSecrets::close);
        client.close();
    }
}
