package dev.stowage.report.write;

import dev.stowage.image.Printable;
import dev.stowage.kube.OddObjects;
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
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Writes ImageReports. */
public final class ReportWriter {

    /** The field manager of what the reconciler writes. */
    public static final String FIELD_MANAGER = "stowage";

    /** The field manager of the last denial, which any replica writes. */
    private static final String DENIALS_MANAGER = "stowage-denials";

    private static final int MAX_ATTEMPTS = 5;

    /**
     * The result of writing a status.
     *
     * @param report the API server's answer; empty unless it was written
     */
    public record Written(ApiWriteMonitor.Result result, Optional<ImageReport> report) {}

    /** The result of creating a report. */
    public enum Creation {
        /** The image has a report. */
        EXISTS,
        /** Users have given all of its names to reports on other images. */
        NAMES_TAKEN,
        /** The API server did not create it; another attempt may succeed. */
        FAILED
    }

    private final KubernetesClient client;
    private final ApiWriteMonitor monitor;
    private final String defaultRegistry;

    /** @param defaultRegistry the registry of image names without one */
    public ReportWriter(KubernetesClient client, ApiWriteMonitor monitor, String defaultRegistry) {
        this.client = client;
        this.monitor = monitor;
        this.defaultRegistry = defaultRegistry;
    }

    /**
     * Creates the image's report, unless it exists.
     *
     * @return whether the image has a report now
     */
    public Creation create(ImageKey key, String image) {
        try {
            return create(key, image, key.reportNames()).isPresent() ? Creation.EXISTS : Creation.NAMES_TAKEN;
        } catch (KubernetesClientException e) {
            monitor.failed(ApiWriteMonitor.Write.CREATE, e, name(key.namespace(), key.reportName()));
            return Creation.FAILED;
        }
    }

    /** The image's report, which mostly exists; empty if it has none and may have none, or users have taken its names. */
    private Optional<ImageReport> findOrCreate(ImageKey key, String image, Predicate<ImageKey> mayCreate) {
        for (String name : key.reportNames()) {
            ImageReport report = client.resources(ImageReport.class)
                    .inNamespace(key.namespace())
                    .withName(name)
                    .get();
            if (report == null) {
                return mayCreate.test(key) ? create(key, image, key.reportNames()) : Optional.empty();
            }
            if (isAbout(report, key)) {
                return Optional.of(report);
            }
        }
        return Optional.empty();
    }

    /** The image's report under the first of these names that is not the name of another image's report; empty if all are. */
    private Optional<ImageReport> create(ImageKey key, String image, List<String> names) {
        for (String name : names) {
            ImageReport blank = blank(key, name, image);
            Optional<ImageReport> report = createOrGet(blank).filter(found -> isAbout(found, key));
            if (report.isPresent()) {
                return report;
            }
        }
        OddObjects.report(
                "ImageReport",
                blank(key, key.reportName(), image).getMetadata(),
                "cannot be created: users have given all names for " + Printable.of(key.image())
                        + " to reports on other images");
        return Optional.empty();
    }

    private Optional<ImageReport> createOrGet(ImageReport blank) {
        try {
            ImageReport created = client.resource(blank).create();
            monitor.succeeded(ApiWriteMonitor.Write.CREATE);
            return Optional.of(created);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            return Optional.ofNullable(client.resource(blank).get());
        }
    }

    private boolean isAbout(ImageReport report, ImageKey key) {
        return report.getSpec() != null
                && report.getSpec().image() != null
                && ImageKey.of(key.namespace(), report.getSpec().image(), defaultRegistry)
                        .equals(key);
    }

    private static ImageReport blank(ImageKey key, String name, String image) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(key.namespace())
                .withLabels(Map.of(ImageReport.MANAGED_BY_LABEL, ImageReport.MANAGED_BY))
                .build());
        report.setSpec(ImageReportSpec.of(image));
        return report;
    }

    /** Writes a report's status, unless the report has changed since: the change could concern the status. */
    public Written status(ImageReport report, ImageReportStatus status) {
        try {
            ImageReport updated = applyOrMerge(report, status, FIELD_MANAGER);
            if (StatusFactory.differ(Optional.ofNullable(updated.getStatus()), status)) {
                updated = removeForeignFields(updated, fields(status), fields(updated.getStatus()));
            } else {
                monitor.dropped(Set.of());
            }
            monitor.succeeded(ApiWriteMonitor.Write.STATUS);
            return new Written(ApiWriteMonitor.Result.OK, Optional.of(updated));
        } catch (KubernetesClientException e) {
            return new Written(monitor.failed(ApiWriteMonitor.Write.STATUS, e, name(report)), Optional.empty());
        }
    }

    /** Server-side apply keeps what other clients wrote into fields that are empty in the new status. */
    private ImageReport removeForeignFields(ImageReport report, Map<String, Object> sent, Map<String, Object> stored) {
        monitor.dropped(PrunedFields.of(sent, stored));
        Map<String, Object> removals = removals(stored, sent);
        return removals.isEmpty() ? report : merge(report, removals, FIELD_MANAGER);
    }

    /** A merge patch that removes the fields that are not wanted, except the last denial, which any replica writes. */
    private static Map<String, Object> removals(Map<String, Object> fields, Map<String, Object> wanted) {
        Map<String, Object> removals = new HashMap<>();
        fields.keySet().forEach(field -> removals.put(field, null));
        removals.keySet().removeAll(wanted.keySet());
        removals.remove("lastDenial");
        return removals;
    }

    private ImageReport merge(ImageReport report, Map<String, Object> status, String manager) {
        Map<String, Object> version =
                Map.of("resourceVersion", report.getMetadata().getResourceVersion());
        return client.resource(report)
                .subresource("status")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(manager)
                                .build(),
                        client.getKubernetesSerialization().asJson(Map.of("metadata", version, "status", status)));
    }

    /** With an older CRD the API server rejects an apply that has unknown fields; from a merge patch it drops them. */
    private ImageReport applyOrMerge(ImageReport report, ImageReportStatus status, String manager) {
        try {
            return apply(report, status, manager);
        } catch (KubernetesClientException e) {
            if (e.getMessage() == null || !e.getMessage().contains("field not declared in schema")) {
                throw e;
            }
            Map<String, Object> fields = fields(status);
            Map<String, Object> merged =
                    manager.equals(FIELD_MANAGER) ? removals(fields(report.getStatus()), fields) : new HashMap<>();
            merged.putAll(fields);
            return merge(report, merged, manager);
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

    private ImageReport apply(ImageReport report, ImageReportStatus status, String manager) {
        ImageReport patch = new ImageReport();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(report.getMetadata().getName())
                .withNamespace(report.getMetadata().getNamespace())
                .withResourceVersion(report.getMetadata().getResourceVersion())
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

    /** Deletes a report, unless it has changed since: a workload may have begun to use the image. */
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
     * Records denials in the image's report, and creates it if there is none.
     *
     * @param denial the last one; its count is the number to add
     * @param mayCreate whether the image may have a report, if it has none
     * @return false if it has none and cannot have one
     */
    public boolean deny(ImageKey key, String image, ImageReportStatus.Denial denial, Predicate<ImageKey> mayCreate) {
        try {
            Optional<ImageReport> report = findOrCreate(key, image, mayCreate);
            for (int attempt = 1; report.isPresent() && !tryDeny(report.get(), denial); attempt++) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new KubernetesClientException(
                            "another client keeps changing it", HttpURLConnection.HTTP_CONFLICT, null);
                }
                report = findOrCreate(key, image, mayCreate);
            }
            report.ifPresent(written -> monitor.succeeded(ApiWriteMonitor.Write.DENIAL));
            return report.isPresent();
        } catch (KubernetesClientException e) {
            monitor.failed(ApiWriteMonitor.Write.DENIAL, e, name(key.namespace(), key.reportName()));
            return true;
        }
    }

    private boolean tryDeny(ImageReport report, ImageReportStatus.Denial denial) {
        try {
            // the count is added to the current one, so a write of another replica in between is a conflict
            applyOrMerge(report, onlyDenial(counted(report, denial)), DENIALS_MANAGER);
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
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
        return new ImageReportStatus.Denial(
                denial.time(), denial.workload(), before + denial.count(), denial.message());
    }

    private static ImageReportStatus onlyDenial(ImageReportStatus.Denial denial) {
        return ImageReportStatusBuilder.builder().lastDenial(denial).build();
    }
}
