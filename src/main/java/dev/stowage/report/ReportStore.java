package dev.stowage.report;

import dev.stowage.report.api.ImageReport;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/** The reports in the operator's memory, without {@code managedFields}: they are as large as the rest and not used. */
final class ReportStore extends BasicItemStore<ImageReport> {

    ReportStore() {
        super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public ImageReport put(String key, ImageReport report) {
        report.getMetadata().setManagedFields(null);
        return super.put(key, report);
    }
}
