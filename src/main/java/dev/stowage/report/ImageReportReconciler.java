package dev.stowage.report;

import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ReportId;
import dev.stowage.report.scan.ScanRequest;
import dev.stowage.report.scan.ScanSchedule;
import dev.stowage.report.scan.ScanSchedule.Need;
import dev.stowage.report.status.ImageScan.Scope;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.write.ReportWriter;
import dev.stowage.workload.Workload;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Updates the status of one report. It never waits for a registry: it starts a scan, and the end of the scan is an event that
 * reconciles the report again.
 */
@ControllerConfiguration(name = ReportWriter.FIELD_MANAGER, generationAwareEventProcessing = false)
final class ImageReportReconciler implements Reconciler<ImageReport> {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration LATER = Duration.ofMinutes(1);

    /** The API server rejects the status until the report or the CRD has been changed. */
    private static final Duration AFTER_REJECTION = Duration.ofMinutes(10);

    private final ReportSession session;
    private final InputGatherer inputs;
    private final StatusFactory statuses = new StatusFactory();
    private final Retention retention;
    private final String defaultRegistry;
    private final Clock clock;

    ImageReportReconciler(ReportSession session, ReportSettings settings, Clock clock) {
        this.session = session;
        this.inputs = new InputGatherer(session.eligibleProfiles());
        this.retention = new Retention(settings.retention());
        this.defaultRegistry = settings.defaultRegistry();
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, ImageReport>> prepareEventSources(EventSourceContext<ImageReport> context) {
        return List.of(session.eventSource(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<ImageReport> reconcile(ImageReport report, Context<ImageReport> context) {
        if (report.getSpec() == null || report.getSpec().image() == null) {
            // it cannot be read, as the log says
            return UpdateControl.noUpdate();
        }
        try {
            return session.isExcluded(report.getMetadata().getNamespace()) ? exclude(report) : update(report, context);
        } catch (Error e) {
            session.fail(e);
            return UpdateControl.noUpdate();
        }
    }

    /** What users create there stays as they created it. */
    private UpdateControl<ImageReport> exclude(ImageReport report) {
        if (report.managed()) {
            session.writer().delete(report);
        }
        return UpdateControl.noUpdate();
    }

    private UpdateControl<ImageReport> update(ImageReport report, Context<ImageReport> context) {
        if (!session.isReadyFor(report)) {
            return rescheduleAfter(SOON);
        }
        Instant now = clock.instant();
        ReportId id = ReportId.of(report);
        ImageUsage usage = session.usage(report);
        Optional<Instant> expiry = retention.expiry(report, usage);
        if (expiry.filter(end -> !now.isBefore(end)).isPresent()) {
            session.writer().delete(report);
            return rescheduleAfter(LATER);
        }
        ReconcileInput input = inputs.gather(report, usage, session.scans().result(id));
        if (input.scan().isEmpty() && needsScanFirst(report, id, input, now)) {
            return rescheduleAfter(LATER);
        }
        ImageReportStatus status =
                statuses.next(input, session.steers(report.getMetadata().getNamespace()), now);
        if (input.scan().filter(scan -> scan.scope() != Scope.NEW_PLATFORMS).isPresent()) {
            session.schedule().scanned(id, status, now);
        }
        Optional<Duration> retry = write(report, status, input, now, context);
        if (retry.isPresent()) {
            return rescheduleAfter(retry.get());
        }
        Instant dueAt = session.schedule().dueAt(id, status, now);
        boolean scanning = input.scan().isEmpty() && !now.isBefore(dueAt);
        Duration due = ScanSchedule.until(dueAt, scanning, expiry, now);
        return rescheduleAfter(session.export(report, status, usage)
                .filter(again -> again.compareTo(due) < 0)
                .orElse(due));
    }

    private static UpdateControl<ImageReport> rescheduleAfter(Duration delay) {
        return UpdateControl.<ImageReport>noUpdate().rescheduleAfter(delay);
    }

    /** Starts the scan that is due, if one is. Whether there is no status to write before it has ended. */
    private boolean needsScanFirst(ImageReport report, ReportId id, ReconcileInput input, Instant now) {
        boolean foreign = session.writes().isForeign(id, report);
        Need need = foreign ? Need.IMAGE : session.schedule().need(id, input, now);
        String image = report.getSpec().image();
        Workload reader = InputGatherer.reader(report, input.usage());
        switch (need) {
            case IMAGE -> session.scans().submit(id, ScanRequest.full(image, input, !foreign, reader, now));
            case NEW_PLATFORMS ->
                session.scans().submit(id, ScanRequest.newPlatforms(image, input, defaultRegistry, reader));
            case NOTHING -> {}
        }
        return foreign || input.previous().isEmpty() || need == Need.NEW_PLATFORMS;
    }

    /**
     * Writes the status if that changes something; when to try again if it could not be written. Not by {@code
     * UpdateControl.patchStatus}: it discards the API server's answer, which tells Stowage's own writes from those of others and
     * shows the fields that the installed CRD dropped, and it cannot write to an older CRD.
     */
    private Optional<Duration> write(
            ImageReport report,
            ImageReportStatus status,
            ReconcileInput input,
            Instant now,
            Context<ImageReport> context) {
        ReportId id = ReportId.of(report);
        if (session.writes().isUpToDate(id, status, report, now)) {
            session.scans().remove(id);
            return Optional.empty();
        }
        ReportWriter.Written written = session.writer().status(report, status);
        written.report().ifPresent(updated -> {
            session.writes().wrote(id, status, updated, now);
            cache(updated, report, context);
            session.recordEvents(report, status, input.usage());
        });
        return switch (written.result()) {
            case OK -> {
                session.scans().remove(id);
                yield Optional.empty();
            }
            case CONFLICT -> Optional.of(SOON);
            case FAILED -> Optional.of(AFTER_FAILURE);
            case GONE -> Optional.of(LATER);
            case FORBIDDEN -> discardScan(id, now, LATER);
            case REFUSED -> discardScan(id, now, AFTER_REJECTION);
        };
    }

    /** Its result would be old by the next attempt. */
    private Optional<Duration> discardScan(ReportId id, Instant now, Duration retry) {
        session.scans().remove(id);
        session.schedule().rescan(id, now);
        return Optional.of(retry);
    }

    /**
     * Lets the next reconciliation see at least this write. {@code PrimaryUpdateAndCacheUtils} does the same, but after a conflict it
     * would write the old status again instead of computing a new one.
     */
    private static void cache(ImageReport updated, ImageReport before, Context<ImageReport> context) {
        if (!Objects.equals(
                updated.getMetadata().getResourceVersion(), before.getMetadata().getResourceVersion())) {
            updated.getMetadata().setManagedFields(null);
            context.eventSourceRetriever()
                    .getControllerEventSource()
                    .handleRecentResourceUpdate(ResourceID.fromResource(before), updated, before);
        }
    }
}
