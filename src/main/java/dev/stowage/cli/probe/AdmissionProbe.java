package dev.stowage.cli.probe;

import dev.stowage.kube.ApiErrors;
import dev.stowage.kube.ApiServerProxy;
import dev.stowage.kube.KubeClients;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Objects;

/**
 * Checks whether a cluster's API server calls Stowage: tries to create, as a dry run of which nothing remains, an object that Stowage refuses
 * without contacting any registry.
 */
public final class AdmissionProbe implements AutoCloseable {

    /** No reference to an image, which no node could run; the API server takes it for one. */
    private static final String NO_IMAGE = "stowage.dev/Probe";

    private static final String WEBHOOK = "admission webhook \"validate.stowage.dev\"";

    /**
     * The result.
     *
     * @param kind the kind of result
     * @param message the message of the API server; empty when it admitted
     */
    public record Result(Kind kind, String message) {

        public Result {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(message, "message");
        }
    }

    /** The kinds of result. */
    public enum Kind {
        /** Stowage refused, as it should. */
        REFUSED,
        /** It was admitted: Stowage was not called, could not be reached, or warns only in that namespace. */
        ADMITTED,
        /** The API server could not reach Stowage, and admits nothing unchecked. */
        UNREACHABLE,
        /** The API server did not call Stowage: no permission, no such namespace, no connection. */
        NOT_ASKED
    }

    private final KubernetesClient client;

    private AdmissionProbe(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Probes the cluster of the kubeconfig's current context or, in a pod, its own.
     *
     * @param timeout the timeout of one request to the API server
     */
    public static AdmissionProbe ofEnvironment(Duration timeout) {
        Config config = Config.autoConfigure(null);
        ApiServerProxy.configure(config, System.getenv());
        return new AdmissionProbe(KubeClients.connect(config, timeout));
    }

    /** Probes the cluster of this client, which {@link #close()} ends. */
    static AdmissionProbe of(KubernetesClient client) {
        return new AdmissionProbe(client);
    }

    /**
     * Tries once.
     *
     * @param namespace a namespace that Stowage enforces in
     */
    public Result run(String namespace) {
        try {
            client.resource(runsNowhere(namespace)).dryRun().create();
            return new Result(Kind.ADMITTED, "");
        } catch (KubernetesClientException e) {
            String message = ApiErrors.reason(e);
            if (message.contains("failed calling webhook")) {
                return new Result(Kind.UNREACHABLE, message);
            }
            boolean refused = e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR && message.contains(WEBHOOK);
            return new Result(refused ? Kind.REFUSED : Kind.NOT_ASKED, message);
        }
    }

    /** Of a kind that needs nothing else to be there, as a pod needs its service account. */
    private static ReplicationController runsNowhere(String namespace) {
        return new ReplicationControllerBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withGenerateName("stowage-probe-")
                .endMetadata()
                .withNewSpec()
                .withReplicas(0)
                .addToSelector("stowage.dev/probe", "true")
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("stowage.dev/probe", "true")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("probe")
                .withImage(NO_IMAGE)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    @Override
    public void close() {
        client.close();
    }
}
