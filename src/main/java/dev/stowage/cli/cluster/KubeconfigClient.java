package dev.stowage.cli.cluster;

import dev.stowage.image.Printable;
import dev.stowage.kube.ClusterUnavailableException;
import dev.stowage.kube.KubeClients;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Calls a cluster of a kubeconfig. */
public final class KubeconfigClient {

    private KubeconfigClient() {}

    /**
     * A client for several calls, which the caller closes.
     *
     * @param context the kubeconfig's context; its current one when empty
     * @param kubeconfig the kubeconfig; when empty that of {@code KUBECONFIG} or {@code ~/.kube/config}
     * @param timeout the timeout of requests to the API server
     * @throws ClusterUnavailableException when the kubeconfig cannot be used
     */
    public static KubernetesClient connect(Optional<String> context, Optional<Path> kubeconfig, Duration timeout)
            throws ClusterUnavailableException {
        return KubeClients.connect(ClusterNodeSource.config(context, kubeconfig), timeout);
    }

    /**
     * Makes one call.
     *
     * @param context the kubeconfig's context; its current one when empty
     * @param kubeconfig the kubeconfig; when empty that of {@code KUBECONFIG} or {@code ~/.kube/config}
     * @param timeout the timeout of requests to the API server
     * @param operation the call, for messages: {@code list nodes}
     * @param call makes it
     * @throws ClusterUnavailableException when the kubeconfig or the cluster cannot be used
     */
    public static <T> T call(
            Optional<String> context,
            Optional<Path> kubeconfig,
            Duration timeout,
            String operation,
            Function<KubernetesClient, T> call)
            throws ClusterUnavailableException {
        Config config = ClusterNodeSource.config(context, kubeconfig);
        try (KubernetesClient client = KubeClients.connect(config, timeout)) {
            return call.apply(client);
        } catch (KubernetesClientException e) {
            throw new ClusterUnavailableException(true, problem(e, operation, config));
        }
    }

    private static String problem(KubernetesClientException e, String operation, Config config) {
        String cluster = config.getCurrentContext() == null
                ? "this context"
                : "context \"" + Printable.of(config.getCurrentContext().getName()) + "\"";
        String why =
                switch (e.getCode()) {
                    case 401 ->
                        "the cluster of " + cluster + " rejects the credentials, which may have expired; log in again";
                    case 403 -> "the user of " + cluster + " may not " + operation;
                    case 404 -> "the cluster of " + cluster + " has no ImageReports: Stowage is not installed there";
                    default ->
                        "the cluster of " + cluster + " (" + Printable.of(config.getMasterUrl())
                                + ") cannot be reached";
                };
        return why + ", or choose another one with --context";
    }
}
