package dev.stowage.cluster.secrets;

import dev.stowage.kube.KubeClients;
import dev.stowage.kube.ObjectName;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;

/** The objects that say what a pod pulls with, read one by one. Calls block, and throw {@link KubernetesClientException}. */
interface PullSecretApi {

    /** The secret of this name; nothing when there is none. */
    Optional<Secret> secret(ObjectName name);

    /** The ServiceAccount of this name; nothing when there is none. */
    Optional<ServiceAccount> serviceAccount(ObjectName name);

    /** Reads from a cluster. */
    static PullSecretApi of(KubernetesClient client) {
        KubernetesClient reader = KubeClients.withTimeout(client, Duration.ofSeconds(5), 1);
        return new PullSecretApi() {
            @Override
            public Optional<Secret> secret(ObjectName name) {
                return Optional.ofNullable(reader.secrets()
                        .inNamespace(name.namespace())
                        .withName(name.name())
                        .get());
            }

            @Override
            public Optional<ServiceAccount> serviceAccount(ObjectName name) {
                return Optional.ofNullable(reader.serviceAccounts()
                        .inNamespace(name.namespace())
                        .withName(name.name())
                        .get());
            }
        };
    }
}
