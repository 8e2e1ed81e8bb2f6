package dev.stowage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.util.function.Consumer;

/** Lists objects in pages, so that neither side has all of them in memory at once. */
public final class PagedList {

    /** How many objects a page has. */
    public static final long PAGE = 500;

    private PagedList() {}

    /**
     * Lists the objects.
     *
     * @param each is given every object
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when a page cannot be listed
     */
    public static <T extends HasMetadata> void forEach(
            Listable<? extends KubernetesResourceList<T>> objects, Consumer<? super T> each) {
        String next = null;
        do {
            KubernetesResourceList<T> page = objects.list(
                    new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
            page.getItems().forEach(each);
            next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
    }
}
