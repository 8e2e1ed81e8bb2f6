package dev.stowage.cli.cluster;

import dev.stowage.image.Printable;
import dev.stowage.kube.ApiErrors;
import dev.stowage.kube.ApiServerProxy;
import dev.stowage.kube.ClusterUnavailableException;
import dev.stowage.kube.KubeClients;
import dev.stowage.text.Glob;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads the nodes of a cluster of a kubeconfig. */
public final class ClusterNodeSource {

    private ClusterNodeSource() {}

    /**
     * Reads the nodes, and what the cluster adds to the pods that are applied there.
     *
     * @param context the kubeconfig's context; its current one when empty
     * @param kubeconfig the kubeconfig; when empty that of {@code KUBECONFIG} or {@code ~/.kube/config}
     * @param transientTaints keys of taints that controllers remove from new nodes
     * @param karpenter whether the NodePools of Karpenter count
     * @param timeout the timeout of requests to the API server
     * @throws ClusterUnavailableException when the nodes cannot be listed
     */
    public static ClusterSnapshot read(
            Optional<String> context,
            Optional<Path> kubeconfig,
            List<Glob> transientTaints,
            boolean karpenter,
            Duration timeout)
            throws ClusterUnavailableException {
        Config config = config(context, kubeconfig);
        try (KubernetesClient client = KubeClients.connect(config, timeout)) {
            return ClusterSnapshot.at(
                    client, Objects.requireNonNullElse(config.getNamespace(), "default"), transientTaints, karpenter);
        } catch (KubernetesClientException e) {
            throw new ClusterUnavailableException(true, problem(e, config));
        }
    }

    static Config config(Optional<String> context, Optional<Path> kubeconfig) throws ClusterUnavailableException {
        List<Path> files = kubeconfig.map(List::of).orElseGet(() -> Config.getKubeconfigFilenames().stream()
                .map(Path::of)
                .toList());
        List<Path> readable = files.stream().filter(Files::isReadable).toList();
        if (readable.isEmpty()) {
            throw unusable("there is no readable kubeconfig at "
                    + String.join(", ", files.stream().map(Path::toString).toList())
                    + "; name one with --kubeconfig FILE, or platforms with --platform");
        }
        Config config = load(context, readable);
        List<String> known = contexts(config);
        if (context.isPresent() && !known.contains(context.get())) {
            throw unusable("the kubeconfig has no context \"" + Printable.of(context.get())
                    + "\"; choose with --context one of " + String.join(", ", known));
        }
        if (config.getCurrentContext() == null) {
            throw unusable(
                    known.isEmpty()
                            ? "the kubeconfig names no cluster; name another one with --kubeconfig FILE, or platforms with"
                                    + " --platform"
                            : "the kubeconfig has no current context; choose with --context one of "
                                    + String.join(", ", known));
        }
        try {
            ApiServerProxy.configure(config, System.getenv());
        } catch (IllegalArgumentException e) {
            throw unusable(String.valueOf(e.getMessage()));
        }
        return config;
    }

    private static Config load(Optional<String> context, List<Path> files) throws ClusterUnavailableException {
        try {
            return files.size() == 1
                    ? Config.fromKubeconfig(context.orElse(null), files.get(0).toFile())
                    : Config.autoConfigure(context.orElse(null));
        } catch (RuntimeException e) {
            throw unusable("the kubeconfig "
                    + String.join(", ", files.stream().map(Path::toString).toList())
                    + " cannot be read; fix it, or name another one with --kubeconfig FILE");
        }
    }

    private static List<String> contexts(Config config) {
        if (config.getContexts() == null) {
            return List.of();
        }
        return config.getContexts().stream()
                .map(NamedContext::getName)
                .map(Printable::of)
                .toList();
    }

    private static String problem(KubernetesClientException e, Config config) {
        String context = config.getCurrentContext() == null
                ? "this context"
                : "context \"" + Printable.of(config.getCurrentContext().getName()) + "\"";
        return switch (e.getCode()) {
            case 401 ->
                "the cluster rejects the credentials of " + context
                        + ", which may have expired; log in again, or choose another with --context";
            case 403 ->
                "the user of " + context
                        + " may not list nodes; choose another with --context, or name platforms with --platform";
            default ->
                "the cluster of " + context + " (" + Printable.of(config.getMasterUrl()) + ") cannot be reached: "
                        + ApiErrors.reason(e) + "; choose another with --context, or name platforms with --platform";
        };
    }

    private static ClusterUnavailableException unusable(String message) {
        return new ClusterUnavailableException(false, message);
    }
}
