package dev.stowage.chart;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.testing.Crds;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Kinds of other products on the API server, until this is closed; nobody acts on them. */
final class ForeignKinds implements AutoCloseable {

    /** As {@code helm template --api-versions} takes them. */
    static final List<String> APIS = List.of("cert-manager.io/v1", "monitoring.coreos.com/v1");

    private final KubernetesClient client;
    private final List<CustomResourceDefinition> made = new ArrayList<>();

    /** Those of cert-manager and of the Prometheus operator. */
    ForeignKinds(ApiServer server) throws Exception {
        this(server, "foreign-crds.yaml");
    }

    /** Those of a file next to this class. */
    ForeignKinds(ApiServer server, String file) throws Exception {
        client = server.client();
        try (InputStream manifest = ForeignKinds.class.getResourceAsStream(file)) {
            client.load(manifest).items().forEach(crd -> made.add(Crds.apply(client, (CustomResourceDefinition) crd)));
        }
    }

    @Override
    public void close() {
        Crds.delete(
                client, made.stream().map(crd -> crd.getMetadata().getName()).toArray(String[]::new));
        client.close();
    }
}
