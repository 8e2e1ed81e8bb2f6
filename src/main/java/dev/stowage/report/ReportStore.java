package dev.stowage.report;

import dev.stowage.report.api.ImageReport;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Map;

/** The reports in the operator's memory, without those of their metadata that are not used: users choose how large they are. */
final class ReportStore extends BasicItemStore<ImageReport> {

    ReportStore() {
        super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public ImageReport put(String key, ImageReport report) {
        ObjectMeta all = report.getMetadata();
        report.setMetadata(new ObjectMetaBuilder()
                .withName(all.getName())
                .withNamespace(all.getNamespace())
                .withUid(all.getUid())
                .withResourceVersion(all.getResourceVersion())
                .withGeneration(all.getGeneration())
                .withCreationTimestamp(all.getCreationTimestamp())
                .withDeletionTimestamp(all.getDeletionTimestamp())
                .withLabels(report.managed() ? Map.of(ImageReport.MANAGED_BY_LABEL, ImageReport.MANAGED_BY) : Map.of())
                .build());
        return super.put(key, report);
    }
}
