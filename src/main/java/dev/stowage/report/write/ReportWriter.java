package dev.stowage.report.write;

import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatusBuilder;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageKey;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Everything that is written to ImageReports, and what came of it. */
public final class ReportWriter {

    /** Owns the fields of reports that the reconciler writes. */
    public static final String FIELD_MANAGER = "stowage";

    /** Owns the last denial, which any replica writes. */
    private static final String DENIALS_MANAGER = "stowage-denials";

    private static final int CONFLICTS = 5;

    /**
     * What came of writing a status.
     *
     * @param now the report since; empty unless it was written
     */
    public record Written(ApiWriteMonitor.Result result, Optional<ImageReport> now) {}

    private final KubernetesClient client;
    private final ApiWriteMonitor monitor;

    public ReportWriter(KubernetesClient client, ApiWriteMonitor monitor) {
        this.client = client;
        this.monitor = monitor;
    }

    /** Makes a report, unless there is one of this name: then somebody was faster, and that is as well. */
    public void create(ImageKey key, String image) {
        try {
            client.resource(blank(key, image)).create();
            monitor.succeeded(ApiWriteMonitor.Write.CREATE);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409) {
                monitor.failed(ApiWriteMonitor.Write.CREATE, e, name(key.namespace(), key.reportName()));
            }
        }
    }

    private static ImageReport blank(ImageKey key, String image) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName(key.reportName())
                .withNamespace(key.namespace())
                .withLabels(Map.of(ImageReport.MANAGED_BY_LABEL, ImageReport.MANAGED_BY))
                .build());
        report.setSpec(ImageReportSpec.of(image));
        return report;
    }

    /**
     * Writes a report's status, unless the report has changed since it was seen: what another client wrote meanwhile would be
     * overwritten unread, and the event that tells of it would come too early to be minded.
     */
    public Written status(ImageReport seen, ImageReportStatus status) {
        try {
            ImageReport now = applyOrMerge(seen, status, FIELD_MANAGER);
            if (StatusFactory.differ(Optional.ofNullable(now.getStatus()), status)) {
                now = withoutStrangers(now, fields(status), fields(now.getStatus()));
            } else {
                monitor.kept(Set.of());
            }
            monitor.succeeded(ApiWriteMonitor.Write.STATUS);
            return new Written(ApiWriteMonitor.Result.OK, Optional.of(now));
        } catch (KubernetesClientException e) {
            return new Written(monitor.failed(ApiWriteMonitor.Write.STATUS, e, name(seen)), Optional.empty());
        }
    }

    /** Applying leaves what others have put in fields that are empty now; it is not a finding, so it goes. */
    private ImageReport withoutStrangers(ImageReport now, Map<String, Object> sent, Map<String, Object> kept) {
        monitor.kept(PrunedFields.of(sent, kept));
        Map<String, Object> strangers = others(kept, sent);
        return strangers.isEmpty() ? now : merge(now, strangers, FIELD_MANAGER);
    }

    /** The fields of the one that are not in the other, as a merge removes them; the last denial is any replica's to write. */
    private static Map<String, Object> others(Map<String, Object> fields, Map<String, Object> wanted) {
        Map<String, Object> others = new HashMap<>();
        fields.keySet().forEach(field -> others.put(field, null));
        others.keySet().removeAll(wanted.keySet());
        others.remove("lastDenial");
        return others;
    }

    private ImageReport merge(ImageReport seen, Map<String, Object> status, String manager) {
        Map<String, Object> version =
                Map.of("resourceVersion", seen.getMetadata().getResourceVersion());
        return client.resource(seen)
                .subresource("status")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(manager)
                                .build(),
                        client.getKubernetesSerialization().asJson(Map.of("metadata", version, "status", status)));
    }

    /** An older CRD refuses an apply whole because of the fields that it does not know; of a merge it takes the others. */
    private ImageReport applyOrMerge(ImageReport seen, ImageReportStatus status, String manager) {
        try {
            return apply(seen, status, manager);
        } catch (KubernetesClientException e) {
            if (e.getMessage() == null || !e.getMessage().contains("field not declared in schema")) {
                throw e;
            }
            Map<String, Object> fields = fields(status);
            Map<String, Object> merged =
                    manager.equals(FIELD_MANAGER) ? others(fields(seen.getStatus()), fields) : new HashMap<>();
            merged.putAll(fields);
            return merge(seen, merged, manager);
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> fields(ImageReportStatus status) {
        return status == null ? Map.of() : client.getKubernetesSerialization().convertValue(status, Map.class);
    }

    private static String name(ImageReport report) {
        return name(report.getMetadata().getNamespace(), report.getMetadata().getName());
    }

    private static String name(String namespace, String name) {
        return "imagereport " + namespace + "/" + name;
    }

    private ImageReport apply(ImageReport seen, ImageReportStatus status, String manager) {
        ImageReport patch = new ImageReport();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(seen.getMetadata().getName())
                .withNamespace(seen.getMetadata().getNamespace())
                .withResourceVersion(seen.getMetadata().getResourceVersion())
                .build());
        patch.setStatus(status);
        return client.resource(patch)
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(manager)
                        .withForce(true)
                        .build());
    }

    /** Removes a report, unless it has changed meanwhile: somebody may have just begun to use the image. */
    public void delete(ImageReport report) {
        try {
            client.resource(report).lockResourceVersion().delete();
            monitor.succeeded(ApiWriteMonitor.Write.DELETE);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409) {
                monitor.failed(ApiWriteMonitor.Write.DELETE, e, name(report));
            }
        }
    }

    /**
     * Notes denials on the image's report, and makes one where there is none.
     *
     * @param denial the last of them; its count is how many to add
     */
    public void deny(ImageKey key, String image, ImageReportStatus.Denial denial) {
        try {
            for (int attempt = 1; !denied(key, image, denial); attempt++) {
                if (attempt == CONFLICTS) {
                    throw new KubernetesClientException("another client keeps changing it", 409, null);
                }
            }
            monitor.succeeded(ApiWriteMonitor.Write.DENIAL);
        } catch (KubernetesClientException e) {
            monitor.failed(ApiWriteMonitor.Write.DENIAL, e, name(key.namespace(), key.reportName()));
        }
    }

    private boolean denied(ImageKey key, String image, ImageReportStatus.Denial denial) {
        var reports = client.resources(ImageReport.class).inNamespace(key.namespace());
        ImageReport report = reports.withName(key.reportName()).get();
        try {
            if (report == null) {
                report = client.resource(blank(key, image)).create();
            }
            // Counting needs the count that stands there now; another replica's write in between is a conflict.
            applyOrMerge(report, onlyDenial(counted(report, denial)), DENIALS_MANAGER);
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                return false;
            }
            throw e;
        }
    }

    private static ImageReportStatus.Denial counted(ImageReport report, ImageReportStatus.Denial denial) {
        long before = Optional.ofNullable(report.getStatus())
                .map(ImageReportStatus::lastDenial)
                .map(ImageReportStatus.Denial::count)
                .orElse(0L);
        return new ImageReportStatus.Denial(denial.time(), denial.workload(), before + denial.count());
    }

    private static ImageReportStatus onlyDenial(ImageReportStatus.Denial denial) {
        return ImageReportStatusBuilder.builder().lastDenial(denial).build();
    }
}
