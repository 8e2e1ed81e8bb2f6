package dev.stowage.cli.scan;

import dev.stowage.cluster.watch.Requests;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.usage.UsageIndex;
import dev.stowage.workload.ObservedWorkload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The images of a cluster and their users, as the operator counts them, and what their containers request. Objects are added one by
 * one; what is kept grows with images and owners, not with pods.
 */
final class Inventory {

    private final UsageIndex usages;
    private final Predicate<String> excluded;
    private final Map<ImageKey, Requests> requests = new HashMap<>();
    private long objects;

    /**
     * @param defaultRegistry the registry of names that carry none
     * @param excluded the namespaces that are left out
     */
    Inventory(String defaultRegistry, Predicate<String> excluded) {
        this.usages = new UsageIndex(defaultRegistry, key -> {});
        this.excluded = excluded;
    }

    /**
     * Adds an object.
     *
     * @param requested what its containers request by image, if it is a pod
     */
    void add(ObservedWorkload workload, Map<String, Requests> requested) {
        String namespace = workload.any().namespace();
        if (excluded.test(namespace)) {
            return;
        }
        objects++;
        usages.changed(null, workload);
        if (!workload.ended()) {
            requested.forEach((image, amount) -> {
                if (ImageKey.reportable(image)) {
                    requests.merge(usages.keyOf(namespace, image), amount, Requests::plus);
                }
            });
        }
    }

    /** The number of objects that were added. */
    long objects() {
        return objects;
    }

    /** The images in use in each namespace, sorted. */
    List<ImageKey> images() {
        List<ImageKey> keys = new ArrayList<>(usages.keys());
        keys.sort(Comparator.comparing(ImageKey::namespace).thenComparing(ImageKey::image));
        return keys;
    }

    ImageUsage usage(ImageKey key) {
        return usages.usage(key);
    }

    /** The image as a user of it has written it. */
    String asWritten(ImageKey key) {
        return usages.asWritten(key);
    }

    /** What running containers with the image request. */
    Requests requests(ImageKey key) {
        return requests.getOrDefault(key, Requests.NONE);
    }
}
