package dev.stowage.testing;

import static dev.stowage.testing.Await.await;

import dev.stowage.report.export.ExportFormat;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;

/** The CRDs of reports of the Policy Working Group on an API server. */
public final class PolicyReportCrd {

    private PolicyReportCrd() {}

    /** Installs it. */
    public static void install(KubernetesClient client, ExportFormat format) throws IOException {
        String file = format.crd().substring(0, format.crd().indexOf('.'));
        try (InputStream manifest = PolicyReportCrd.class.getResourceAsStream("/openreports/" + file + ".yaml")) {
            client.load(manifest).items().forEach(crd -> Crds.apply(client, (CustomResourceDefinition) crd));
        }
        await("the API", () -> client.getApiResources(format.apiVersion()) != null);
    }

    /** Removes it with all reports; does nothing if it is not there. */
    public static void remove(KubernetesClient client, ExportFormat format) {
        Crds.delete(client, format.crd());
        await("the API to be gone", () -> client.getApiResources(format.apiVersion()) == null);
    }
}
