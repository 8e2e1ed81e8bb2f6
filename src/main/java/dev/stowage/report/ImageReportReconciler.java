package dev.stowage.report;

import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.Looks.Question;
import dev.stowage.report.Schedule.Need;
import dev.stowage.review.WorkloadReviewer;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.Reason;
import dev.stowage.workload.Workload;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
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
    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);

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
        if (!session.usageKnown() && report.managed()) {
            return UpdateControl.<ImageReport>noUpdate().rescheduleAfter(NOT_YET);
        }
        Instant now = clock.instant();
        ResourceID id = ResourceID.fromResource(report);
        ImageUsage usage = session.usage(report);
        Optional<Instant> expiry = retention.expiry(report, usage);
        if (expiry.filter(end -> !now.isBefore(end)).isPresent()) {
            session.writer().delete(report);
            return UpdateControl.noUpdate();
        }
        Observation seen = observe(report, id, usage, now);
        if (seen.previous().isEmpty() && seen.look().isEmpty()) {
            return UpdateControl.noUpdate();
        }
        ImageReportStatus status = statuses.next(seen, now);
        if (seen.look().filter(look -> !look.partial()).isPresent()) {
            session.schedule().looked(id, status, now);
        }
        Duration again = Schedule.until(session.schedule().dueAt(id, status, now), expiry, now);
        if (!StatusFactory.differ(Optional.ofNullable(report.getStatus()), status)) {
            return UpdateControl.<ImageReport>noUpdate().rescheduleAfter(again);
        }
        session.announce(report, status, usage);
        return UpdateControl.patchStatus(patch(report, status)).rescheduleAfter(again);
    }

    /** What is known now; a look that is needed begins here and is seen the next time, unless it needs no registry. */
    private Observation observe(ImageReport report, ResourceID id, ImageUsage usage, Instant now) {
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        Optional<Look> known = Optional.empty();
        try {
            profiles.addAll(profiles(report, usage));
        } catch (IllegalArgumentException e) {
            profiles.addAll(WorkloadReviewer.STAND_INS);
            known = Optional.of(Look.undetermined(
                    report.getSpec().image(), profiles, Reason.INVALID, "spec.platforms: " + e.getMessage()));
        }
        boolean nodesKnown = !profiles.isEmpty();
        if (!nodesKnown) {
            profiles.addAll(WorkloadReviewer.STAND_INS);
        }
        if (usage.neverPulled()) {
            known = Optional.of(Look.undetermined(
                    report.getSpec().image(),
                    profiles,
                    Reason.NEVER_PULLED,
                    "imagePullPolicy is Never: what the node has decides, not the registry"));
        }
        Optional<ImageReportStatus> previous =
                Optional.ofNullable(report.getStatus()).filter(status -> status.verdict() != null);
        Optional<Look> look = known.isPresent() ? known : session.looks().take(id);
        Observation seen =
                new Observation(report.getMetadata().getGeneration(), previous, usage, profiles, nodesKnown, look);
        if (look.isEmpty()) {
            ask(report, id, seen, session.schedule().need(id, seen, now));
        }
        return seen;
    }

    private void ask(ImageReport report, ResourceID id, Observation seen, Need need) {
        Workload reader = seen.usage().reader().orElseGet(() -> anyPod(report));
        if (need == Need.IMAGE) {
            session.looks()
                    .begin(
                            id,
                            new Question(
                                    report.getSpec().image(),
                                    seen.usage().purpose(),
                                    seen.profiles(),
                                    Verification.MANIFESTS,
                                    false,
                                    reader));
        } else if (need == Need.NEW_PLATFORMS) {
            ImageReportStatus before = seen.previous().orElseThrow();
            // By digest, and as far as the index says: both are in memory, so no registry is asked.
            session.looks()
                    .begin(
                            id,
                            new Question(
                                    session.pinned(report.getSpec().image(), before.digest()),
                                    seen.usage().purpose(),
                                    Schedule.unknown(seen.profiles(), before),
                                    Verification.INDEX,
                                    true,
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
        return new Workload(
                "Pod",
                report.getMetadata().getNamespace(),
                report.getMetadata().getName(),
                List.of(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                true,
                false,
                false);
    }

    private static ImageReport patch(ImageReport report, ImageReportStatus status) {
        ImageReport patch = new ImageReport();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(report.getMetadata().getName())
                .withNamespace(report.getMetadata().getNamespace())
                .build());
        patch.setStatus(status);
        return patch;
    }

    @Override
    public ErrorStatusUpdateControl<ImageReport> updateErrorStatus(
            ImageReport report, Context<ImageReport> context, Exception failure) {
        if (!(failure instanceof KubernetesClientException refused)) {
            return ErrorStatusUpdateControl.defaultErrorProcessing();
        }
        WriteLog.Result result = session.log().failed(WriteLog.Write.STATUS, refused);
        if (result == WriteLog.Result.GONE) {
            return ErrorStatusUpdateControl.<ImageReport>noStatusUpdate().withNoRetry();
        }
        session.schedule().lookAgain(ResourceID.fromResource(report), clock.instant());
        return result == WriteLog.Result.FORBIDDEN
                ? ErrorStatusUpdateControl.<ImageReport>noStatusUpdate()
                        .withNoRetry()
                        .rescheduleAfter(AFTER_REFUSAL)
                : ErrorStatusUpdateControl.defaultErrorProcessing();
    }
}
