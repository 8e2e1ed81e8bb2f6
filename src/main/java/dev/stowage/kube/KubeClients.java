package dev.stowage.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.time.Duration;

/** Clients that do not wait as long as fabric8's default of ten attempts, which takes more than a minute. */
public final class KubeClients {

    private KubeClients() {}

    /** A client for one command: a request gets this time and is not repeated. */
    public static KubernetesClient connect(Config config, Duration timeout) {
        int millis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
        config.setConnectionTimeout(millis);
        config.setRequestTimeout(millis);
        config.setRequestRetryBackoffLimit(0);
        return StoredObjects.typed(config);
    }

    /** A view of the client whose requests get this time and are repeated so many times; closed with the client. */
    public static KubernetesClient withTimeout(KubernetesClient client, Duration timeout, int retries) {
        return client.newClient(
                        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                                .withRequestTimeout((int) timeout.toMillis())
                                .withRequestRetryBackoffLimit(retries)
                                .build())
                .adapt(KubernetesClient.class);
    }
}
