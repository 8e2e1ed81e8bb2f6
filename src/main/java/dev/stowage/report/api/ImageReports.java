package dev.stowage.report.api;

import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The reports of a cluster, read once. */
public final class ImageReports {

    private static final long PAGE = 500;

    private ImageReports() {}

    /**
     * A function that lists them.
     *
     * @param namespace only those of this namespace
     */
    public static Function<KubernetesClient, List<ImageReport>> listing(Optional<String> namespace) {
        return client -> list(client, namespace);
    }

    /**
     * Lists them, page by page.
     *
     * @param namespace only those of this namespace
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when they cannot be listed
     */
    public static List<ImageReport> list(KubernetesClient client, Optional<String> namespace) {
        List<ImageReport> reports = new ArrayList<>();
        String next = null;
        do {
            ListOptions page =
                    new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
            var all = client.resources(ImageReport.class);
            KubernetesResourceList<ImageReport> found = namespace.isPresent()
                    ? all.inNamespace(namespace.get()).list(page)
                    : all.inAnyNamespace().list(page);
            reports.addAll(found.getItems());
            next = found.getMetadata() == null ? null : found.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return reports;
    }
}
