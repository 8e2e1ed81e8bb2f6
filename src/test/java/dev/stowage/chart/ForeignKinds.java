package dev.stowage.chart;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.testing.Crds;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Kinds of other products on the shared API server, where they stay: nobody acts on them, and a test that needs them absent uses
 * {@link ApiServer#own}.
 */
final class ForeignKinds {

    /** As {@code helm template --api-versions} takes them. */
    static final List<String> APIS = List.of("cert-manager.io/v1", "monitoring.coreos.com/v1");

    private ForeignKinds() {}

    /** Those of cert-manager and of the Prometheus operator. */
    static void install(ApiServer server) throws IOException {
        install(server, "foreign-crds.yaml");
    }

    /** Those of a file next to this class. */
    static void install(ApiServer server, String file) throws IOException {
        try (KubernetesClient client = server.client();
                InputStream manifest = ForeignKinds.class.getResourceAsStream(file)) {
            client.load(manifest).items().forEach(crd -> Crds.apply(client, (CustomResourceDefinition) crd));
        }
    }
}
