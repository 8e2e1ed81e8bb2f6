package dev.stowage.cli.cluster;

import dev.stowage.image.Printable;
import dev.stowage.kube.ClusterUnavailableException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** A client of a cluster that a person's kubeconfig names. */
public final class KubeconfigClient {

    private KubeconfigClient() {}

    /**
     * Asks a cluster.
     *
     * @param context the kubeconfig's context; its current one when empty
     * @param kubeconfig the kubeconfig; when empty that of {@code KUBECONFIG} or {@code ~/.kube/config}
     * @param timeout how long the API server may take for an answer
     * @param what what is requested, for messages: {@code list nodes}
     * @param question asks it
     * @throws ClusterUnavailableException when the kubeconfig or the cluster cannot be used
     */
    public static <T> T ask(
            Optional<String> context,
            Optional<Path> kubeconfig,
            Duration timeout,
            String what,
            Function<KubernetesClient, T> question)
            throws ClusterUnavailableException {
        Config config = ClusterNodeSource.config(context, kubeconfig);
        int millis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
        config.setConnectionTimeout(millis);
        config.setRequestTimeout(millis);
        config.setRequestRetryBackoffLimit(0);
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            return question.apply(client);
        } catch (KubernetesClientException e) {
            throw new ClusterUnavailableException(true, problem(e, what, config));
        }
    }

    private static String problem(KubernetesClientException e, String what, Config config) {
        String cluster = config.getCurrentContext() == null
                ? "this context"
                : "context \"" + Printable.of(config.getCurrentContext().getName()) + "\"";
        String why =
                switch (e.getCode()) {
                    case 401 ->
                        "the cluster of " + cluster + " rejects the credentials, which may have expired; log in again";
                    case 403 -> "the user of " + cluster + " may not " + what;
                    case 404 -> "the cluster of " + cluster + " has no ImageReports: Stowage is not installed there";
                    default ->
                        "the cluster of " + cluster + " (" + Printable.of(config.getMasterUrl())
                                + ") cannot be reached";
                };
        return why + ", or choose another one with --context";
    }
}
