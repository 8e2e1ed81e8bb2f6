package dev.stowage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.util.function.Consumer;

/** Lists objects in pages, so that neither side has all of them in memory at once. */
public final class PagedList {

    /** How many objects a page has; fewer if they are large, see {@link StoredObjects}. */
    public static final long PAGE = 200;

    /** A page that is too large is dropped; the last attempt is for a single object. */
    private static final int MAX_ATTEMPTS = 4;

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
            KubernetesResourceList<T> page = page(objects, next);
            page.getItems().forEach(each);
            next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
    }

    private static <T extends HasMetadata> KubernetesResourceList<T> page(
            Listable<? extends KubernetesResourceList<T>> objects, String next) {
        for (int attempt = 1; ; attempt++) {
            long dropped = PageLimit.dropped();
            try {
                return objects.list(new ListOptionsBuilder()
                        .withLimit(PAGE)
                        .withContinue(next)
                        .build());
            } catch (KubernetesClientException e) {
                // all that fabric8 says of it is that the connection was reset
                if (PageLimit.dropped() == dropped || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
