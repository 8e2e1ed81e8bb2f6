package dev.stowage.report.export;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.kube.ApiErrors;
import dev.stowage.kube.OddObjects;
import dev.stowage.log.ThrottledLog;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ReportId;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.write.ApiWriteMonitor;
import dev.stowage.report.write.ApiWriteMonitor.Write;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Writes one report of the Policy Working Group for each ImageReport: of the same name, owned by it, and only if something changed. The
 * API is one that others install and remove, so its absence is looked up again and again, and harms nothing else.
 */
public final class ReportExporter {

    private static final System.Logger LOG = System.getLogger(ReportExporter.class.getName());
    private static final String FIELD_MANAGER = "stowage";
    private static final int MAX_ENTRIES = 200_000;

    /** After this a report is compared again, in case somebody edited or deleted it. */
    private static final Duration RECHECK = Duration.ofHours(1);

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration LATER = Duration.ofMinutes(1);
    private static final Duration AFTER_REJECTION = Duration.ofMinutes(10);

    private record Last(int content, Instant time) {}

    private final KubernetesClient client;
    private final ApiWriteMonitor monitor;
    private final ExportSettings settings;
    private final BiFunction<String, Set<SchedulingRules>, Set<NodeProfile>> eligible;
    private final Clock clock;
    private final ThrottledLog log;
    private final Cache<ReportId, Last> written = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .executor(Runnable::run)
            .build();
    private volatile boolean installed;

    /**
     * Writes nothing until {@link #lookUp()} has found the API.
     *
     * @param eligible the profiles of the nodes that pods of a namespace with these rules may be scheduled on
     */
    public ReportExporter(
            KubernetesClient client,
            ApiWriteMonitor monitor,
            ExportSettings settings,
            BiFunction<String, Set<SchedulingRules>, Set<NodeProfile>> eligible,
            Clock clock) {
        this.client = client;
        this.monitor = monitor;
        this.settings = settings;
        this.eligible = eligible;
        this.clock = clock;
        this.log = new ThrottledLog(LOG, "export of ImageReports", Duration.ofDays(1), clock);
    }

    /**
     * Looks up whether the API is installed.
     *
     * @return whether it is now and was not before: all reports are to be exported
     */
    public synchronized boolean lookUp() {
        boolean before = installed;
        String crd = settings.format().crd();
        try {
            installed = isInstalled();
            if (installed) {
                log.resolve(crd);
            } else {
                log.report(crd, "the CRD " + crd + " is not installed, which reports.export needs");
            }
        } catch (KubernetesClientException e) {
            log.report(crd, "cannot look for the CRD " + crd + ": " + ApiErrors.describe(e));
        }
        if (installed && !before) {
            written.invalidateAll();
        }
        return installed && !before;
    }

    private boolean isInstalled() {
        return Optional.ofNullable(client.getApiResources(settings.format().apiVersion())).stream()
                .flatMap(list -> list.getResources().stream())
                .anyMatch(resource -> settings.format().plural().equals(resource.getName()));
    }

    /** Why nothing is exported, one clause. */
    public Optional<String> problem() {
        return log.summary();
    }

    /**
     * Exports this report if that changes something.
     *
     * @param status its current status
     * @return when to try again if it failed
     */
    public Optional<Duration> export(ImageReport report, ImageReportStatus status, ImageUsage usage) {
        if (!installed) {
            return Optional.empty();
        }
        List<ExportedResult> results = new ResultFactory(settings.policy(), eligible, report, status).results(usage);
        String namespace = report.getMetadata().getNamespace();
        Map<String, Object> content = ReportContent.of(settings.format(), namespace, results, status.resolvedTime());
        ReportId id = ReportId.of(report);
        Instant now = clock.instant();
        Last last = written.getIfPresent(id);
        if (last != null
                && last.content() == content.hashCode()
                && now.isBefore(last.time().plus(RECHECK))) {
            return Optional.empty();
        }
        try {
            write(report, content);
            written.put(id, new Last(content.hashCode(), now));
            return Optional.empty();
        } catch (KubernetesClientException e) {
            written.invalidate(id);
            return failed(report, e);
        }
    }

    /** Forgets a report that is gone; the API server deletes what it owns. */
    public void forget(ReportId id) {
        written.invalidate(id);
    }

    private void write(ImageReport report, Map<String, Object> content) {
        Resource<GenericKubernetesResource> place = client.genericKubernetesResources(
                        settings.format().context())
                .inNamespace(report.getMetadata().getNamespace())
                .withName(report.getMetadata().getName());
        Optional<GenericKubernetesResource> stored = Optional.ofNullable(place.get());
        if (stored.isPresent() && !isOurs(stored.get(), report)) {
            OddObjects.report(
                    settings.format().kind(),
                    stored.get().getMetadata(),
                    "is not from Stowage and is left alone: the ImageReport of this name is not exported");
            return;
        }
        if (stored.isPresent() && isUpToDate(stored.get(), report, content)) {
            return;
        }
        place.patch(
                new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(FIELD_MANAGER)
                        // what somebody creates at the same moment is theirs
                        .withForce(stored.isPresent())
                        .build(),
                object(report, content, stored));
        monitor.succeeded(Write.EXPORT);
    }

    private static boolean isOurs(GenericKubernetesResource stored, ImageReport report) {
        Map<String, String> labels = stored.getMetadata().getLabels();
        return labels != null
                && ImageReport.MANAGED_BY.equals(labels.get(ImageReport.MANAGED_BY_LABEL))
                && stored.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> report.getKind().equals(owner.getKind())
                                && report.getMetadata().getName().equals(owner.getName()));
    }

    private boolean isUpToDate(GenericKubernetesResource stored, ImageReport report, Map<String, Object> content) {
        Map<?, ?> wanted = client.getKubernetesSerialization()
                .unmarshal(client.getKubernetesSerialization().asJson(content), Map.class);
        boolean owned = stored.getMetadata().getOwnerReferences().stream()
                .map(OwnerReference::getUid)
                .anyMatch(report.getMetadata().getUid()::equals);
        return owned
                && wanted.entrySet().stream().allMatch(field -> field.getValue()
                        .equals(stored.getAdditionalProperties().get(field.getKey())));
    }

    private GenericKubernetesResource object(
            ImageReport report, Map<String, Object> content, Optional<GenericKubernetesResource> stored) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(settings.format().apiVersion());
        object.setKind(settings.format().kind());
        object.setMetadata(new ObjectMetaBuilder()
                .withName(report.getMetadata().getName())
                .withNamespace(report.getMetadata().getNamespace())
                .withResourceVersion(stored.map(found -> found.getMetadata().getResourceVersion())
                        .orElse(null))
                .withLabels(Map.of(ImageReport.MANAGED_BY_LABEL, ImageReport.MANAGED_BY))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(report.getApiVersion())
                        .withKind(report.getKind())
                        .withName(report.getMetadata().getName())
                        .withUid(report.getMetadata().getUid())
                        .build())
                .build());
        object.setAdditionalProperties(content);
        return object;
    }

    private Optional<Duration> failed(ImageReport report, KubernetesClientException e) {
        String what = settings.format().kind() + " " + report.getMetadata().getNamespace() + "/"
                + report.getMetadata().getName();
        return switch (monitor.failed(Write.EXPORT, e, what)) {
            case OK -> Optional.empty();
            case CONFLICT -> Optional.of(SOON);
            case FAILED -> Optional.of(AFTER_FAILURE);
            case FORBIDDEN -> Optional.of(LATER);
            case REFUSED -> Optional.of(AFTER_REJECTION);
            case GONE -> {
                if (isApiGone(e)) {
                    // the next look-up says so, or begins again
                    installed = false;
                }
                yield Optional.of(LATER);
            }
        };
    }

    /** Not the namespace. */
    private static boolean isApiGone(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                && (e.getMessage() == null || !e.getMessage().contains("namespaces \""));
    }
}
