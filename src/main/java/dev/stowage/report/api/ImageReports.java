package dev.stowage.report.api;

import dev.stowage.kube.PagedList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The reports of a cluster, read once. */
public final class ImageReports {

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
        var all = client.resources(ImageReport.class);
        PagedList.forEach(
                namespace.isPresent() ? all.inNamespace(namespace.get()) : all.inAnyNamespace(), reports::add);
        return reports;
    }
}
