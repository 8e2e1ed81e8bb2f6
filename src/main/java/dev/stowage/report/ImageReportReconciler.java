package dev.stowage.report;

import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ReportId;
import dev.stowage.report.scan.ScanQueue.ScanRequest;
import dev.stowage.report.scan.ScanSchedule;
import dev.stowage.report.scan.ScanSchedule.Need;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.write.ApiWriteMonitor;
import dev.stowage.report.write.ReportWriter;
import dev.stowage.review.WorkloadAssessor;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.Reason;
import dev.stowage.workload.Workload;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings one report's status up to date: everything from memory, no waiting; what has to be asked of a registry is asked beside
 * it, and the report is looked after again when the answer is there.
 */
@ControllerConfiguration(name = ReportWriter.FIELD_MANAGER, generationAwareEventProcessing = false)
final class ImageReportReconciler implements Reconciler<ImageReport> {

    private static final Duration NOT_YET = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);

    /** What the API server does not take as it is, it will take when somebody has mended the report or the CRD. */
    private static final Duration UNTIL_MENDED = Duration.ofMinutes(10);

    private final ReportSession session;
    private final StatusFactory statuses = new StatusFactory();
    private final Retention retention;
    private final Clock clock;

    ImageReportReconciler(ReportSession session, Duration retention, Clock clock) {
        this.session = session;
        this.retention = new Retention(retention);
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, ImageReport>> prepareEventSources(EventSourceContext<ImageReport> context) {
        return List.of(session.attach(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<ImageReport> reconcile(ImageReport report, Context<ImageReport> context) {
        if (!session.nodesKnown() || !session.usageKnown() && report.managed()) {
            return UpdateControl.<ImageReport>noUpdate().rescheduleAfter(NOT_YET);
        }
        Instant now = clock.instant();
        ReportId id = ReportId.of(report);
        if (session.writes().isBehind(id, report, now)) {
            return UpdateControl.<ImageReport>noUpdate().rescheduleAfter(NOT_YET);
        }
        ImageUsage usage = session.usage(report);
        Optional<Instant> expiry = retention.expiry(report, usage);
        if (expiry.filter(end -> !now.isBefore(end)).isPresent()) {
            session.writer().delete(report);
            return UpdateControl.<ImageReport>noUpdate().rescheduleAfter(AFTER_REFUSAL);
        }
        boolean foreign = session.writes().isForeign(id, report);
        ReconcileInput input = observe(report, id, usage);
        if (input.scan().isEmpty()) {
            Need need = foreign ? Need.IMAGE : session.schedule().need(id, input, now);
            ask(report, id, input, need, foreign);
            if (foreign || input.previous().isEmpty() || need == Need.NEW_PLATFORMS) {
                // what stands there is nothing to go by, or what is missing comes at once
                return UpdateControl.<ImageReport>noUpdate().rescheduleAfter(AFTER_REFUSAL);
            }
        }
        return conclude(report, id, input, expiry, now);
    }

    private UpdateControl<ImageReport> conclude(
            ImageReport report, ReportId id, ReconcileInput input, Optional<Instant> expiry, Instant now) {
        ImageReportStatus status = statuses.next(input, now);
        if (input.scan()
                .filter(scan -> scan.scope() != ImageScan.Scope.NEW_PLATFORMS)
                .isPresent()) {
            session.schedule().scanned(id, status, now);
        }
        Optional<Duration> tryAgain = Optional.empty();
        if (session.writes().wouldChangeNothing(id, status, report, now)) {
            session.scans().writtenDown(id);
        } else if (StatusFactory.differ(Optional.ofNullable(report.getStatus()), status)) {
            tryAgain = write(report, id, input, status, now);
        } else {
            session.writes().settled(id, report, now);
            session.scans().writtenDown(id);
        }
        return UpdateControl.<ImageReport>noUpdate()
                .rescheduleAfter(tryAgain.orElseGet(
                        () -> ScanSchedule.until(session.schedule().dueAt(id, status, now), expiry, now)));
    }

    /** Writes the status; when to try again if it was not to be written. */
    private Optional<Duration> write(
            ImageReport report, ReportId id, ReconcileInput input, ImageReportStatus status, Instant now) {
        ReportWriter.Written written = session.writer().status(report, status);
        switch (written.result()) {
            case OK -> {
                session.writes().wrote(id, status, written.now().orElseThrow(), now);
                session.scans().writtenDown(id);
                session.announce(report, status, input.usage());
                return Optional.empty();
            }
            case CONFLICT -> {
                return Optional.of(NOT_YET);
            }
            case FORBIDDEN, REFUSED -> {
                session.scans().writtenDown(id);
                session.schedule().rescan(id, now);
                return Optional.of(written.result() == ApiWriteMonitor.Result.FORBIDDEN ? AFTER_REFUSAL : UNTIL_MENDED);
            }
            case GONE -> {
                return Optional.of(AFTER_REFUSAL);
            }
            case FAILED -> {
                return Optional.of(AFTER_FAILURE);
            }
        }
        throw new IllegalStateException(written.result().toString());
    }

    /** What is known now. */
    private ReconcileInput observe(ImageReport report, ReportId id, ImageUsage usage) {
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        Optional<ImageScan> known = Optional.empty();
        try {
            profiles.addAll(profiles(report, usage));
        } catch (IllegalArgumentException e) {
            profiles.addAll(WorkloadAssessor.STAND_INS);
            known = Optional.of(ImageScan.undetermined(
                    report.getSpec().image(), profiles, Reason.INVALID, "spec.platforms: " + e.getMessage()));
        }
        boolean nodesKnown = !profiles.isEmpty();
        if (!nodesKnown) {
            profiles.addAll(WorkloadAssessor.STAND_INS);
        }
        if (usage.neverPulled()) {
            known = Optional.of(ImageScan.undetermined(
                    report.getSpec().image(),
                    profiles,
                    Reason.NEVER_PULLED,
                    "imagePullPolicy is Never: what the node has decides, not the registry"));
        }
        Optional<ImageReportStatus> previous =
                Optional.ofNullable(report.getStatus()).filter(status -> status.verdict() != null);
        Optional<ImageScan> look = known.isPresent() ? known : session.scans().ended(id);
        return new ReconcileInput(report.getMetadata().getGeneration(), previous, usage, profiles, nodesKnown, look);
    }

    /** Begins the look that is needed; what it comes to is seen the next time. */
    private void ask(ImageReport report, ReportId id, ReconcileInput input, Need need, boolean foreign) {
        Workload reader = input.usage().reader().orElseGet(() -> anyPod(report));
        if (need == Need.IMAGE) {
            session.scans()
                    .begin(
                            id,
                            new ScanRequest(
                                    report.getSpec().image(),
                                    input.usage().purpose(),
                                    input.profiles(),
                                    Verification.MANIFESTS,
                                    false,
                                    input.previous().filter(status -> !foreign && StatusFactory.checkedInFull(status)),
                                    reader));
        } else if (need == Need.NEW_PLATFORMS) {
            ImageReportStatus before = input.previous().orElseThrow();
            // By digest, and as far as the index says: both are in memory, so no registry is asked.
            session.scans()
                    .begin(
                            id,
                            new ScanRequest(
                                    session.pinned(report.getSpec().image(), before.digest()),
                                    input.usage().purpose(),
                                    ScanSchedule.unknown(input.profiles(), before),
                                    Verification.INDEX,
                                    true,
                                    Optional.empty(),
                                    reader));
        }
    }

    private Set<NodeProfile> profiles(ImageReport report, ImageUsage usage) {
        if (!report.getSpec().platforms().isEmpty()) {
            Set<NodeProfile> profiles = new LinkedHashSet<>();
            report.getSpec().platforms().forEach(text -> profiles.add(NodeProfile.of(Platform.parse(text))));
            return profiles;
        }
        Set<SchedulingRules> rules = usage.isEmpty() ? Set.of(SchedulingRules.NONE) : usage.rules();
        return session.profiles(rules);
    }

    /** Nobody uses the image: it is read as a pod without pull secrets of its own would read it. */
    private static Workload anyPod(ImageReport report) {
        return Workload.withoutImages(
                "Pod", report.getMetadata().getNamespace(), report.getMetadata().getName(), false);
    }
}
