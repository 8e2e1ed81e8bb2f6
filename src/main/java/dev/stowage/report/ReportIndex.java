package dev.stowage.report;

import dev.stowage.report.api.ImageReport;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.usage.UsageIndex;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reports in the operator's informer, by image and by namespace; none before there is an informer. */
final class ReportIndex {

    private static final String BY_IMAGE = "image";
    private static final String MANAGED_IN = "managed-in";
    private static final String IN_NAMESPACE = "in-namespace";

    private final UsageIndex usages;
    private volatile Optional<IndexerResourceCache<ImageReport>> cache = Optional.empty();

    /** @param usages knows which image a text names */
    ReportIndex(UsageIndex usages) {
        this.usages = usages;
    }

    /** Indexes what this informer will list. */
    void index(IndexerResourceCache<ImageReport> informer) {
        informer.addIndexer(BY_IMAGE, report -> List.of(text(key(report))));
        informer.addIndexer(
                MANAGED_IN,
                report -> report.managed() ? List.of(report.getMetadata().getNamespace()) : List.of());
        informer.addIndexer(IN_NAMESPACE, report -> List.of(report.getMetadata().getNamespace()));
        cache = Optional.of(informer);
    }

    /** The image that a report is about. */
    ImageKey key(ImageReport report) {
        String image = report.getSpec() == null || report.getSpec().image() == null
                ? ""
                : report.getSpec().image();
        return usages.keyOf(report.getMetadata().getNamespace(), image);
    }

    List<ImageReport> all() {
        return stream().toList();
    }

    Stream<ResourceID> ids() {
        return cache.stream().flatMap(IndexerResourceCache::keys);
    }

    /** The images that have a report. */
    Set<ImageKey> images() {
        return stream().map(this::key).collect(Collectors.toSet());
    }

    /** The reports about an image; users may create more than one. */
    List<ImageReport> of(ImageKey image) {
        return byIndex(BY_IMAGE, text(image));
    }

    /** The reports of a namespace. */
    List<ImageReport> in(String namespace) {
        return byIndex(IN_NAMESPACE, namespace);
    }

    /** How many reports Stowage has created in a namespace. */
    int managedIn(String namespace) {
        return byIndex(MANAGED_IN, namespace).size();
    }

    private Stream<ImageReport> stream() {
        return cache.stream().flatMap(IndexerResourceCache::list);
    }

    private List<ImageReport> byIndex(String index, String value) {
        return cache.map(informer -> informer.byIndex(index, value)).orElse(List.of());
    }

    private static String text(ImageKey key) {
        return key.namespace() + "\n" + key.image();
    }
}
