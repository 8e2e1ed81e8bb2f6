package dev.stowage.report;

import dev.stowage.report.api.ImageReport;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/**
 * The reports as the operator keeps them in memory: without the record of who manages which field, which is as large as the rest and
 * scanned by nobody.
 */
final class KeptReports extends BasicItemStore<ImageReport> {

    KeptReports() {
        super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public ImageReport put(String key, ImageReport report) {
        report.getMetadata().setManagedFields(null);
        return super.put(key, report);
    }
}
