package dev.stowage.report.status;

import dev.stowage.policy.Mode;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.api.ImageReportStatus.ImagePlatform;
import dev.stowage.report.api.ImageReportStatus.StatusCondition;
import dev.stowage.report.api.ImageReportStatus.Summary;
import dev.stowage.report.api.ImageReportStatus.UsedBy;
import dev.stowage.report.api.ImageReportStatusBuilder;
import dev.stowage.report.status.ImageScan.Scope;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.usage.ImageUsage.ImageUser;
import dev.stowage.steering.Bypass;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Computes a report's next status, as a pure function. What has not changed stays as it is, times included, so that comparing the
 * two statuses shows whether there is anything to write.
 */
public final class StatusFactory {

    /** The condition: whether the image could be read. */
    public static final String RESOLVED = "Resolved";

    static final String COMPATIBLE = "Compatible";

    /** The age by which an image is read in full again, and the time of that is written although nothing else has changed. */
    static final Duration HEARTBEAT = Duration.ofDays(1);

    /** Images that were first read together, as in a new installation, are not all read in one hour of the next day. */
    private static final int SPREAD_MINUTES = 6 * 60;

    private static final int MAX_USERS = 16;
    private static final int MAX_SUMMARY = 512;

    private record Move(String previousDigest, String at) {}

    /** The next status where pods are not steered. */
    public ImageReportStatus next(ReconcileInput input, Instant now) {
        return next(input, false, now);
    }

    /**
     * The next status; without the last denial, which the reconciler does not write.
     *
     * @param steers whether the pods of the namespace are steered
     */
    public ImageReportStatus next(ReconcileInput input, boolean steers, Instant now) {
        ImageReportStatus before = input.previous().orElse(ImageReportStatus.EMPTY);
        boolean scanFailed = input.scan().map(ImageScan::failed).orElse(true);
        boolean partial = input.scan().map(ImageScan::partial).orElse(false);
        boolean kept = scanFailed || partial;
        ImageFacts facts = kept
                ? ImageFacts.of(before)
                : ImageFacts.of(input.scan().orElseThrow().assessment().contents());
        boolean sameImage = Objects.equals(facts.digest(), before.digest()) && facts.digest() != null;
        List<CheckedPlatform> verdicts =
                NodeVerdicts.merge(input.profiles(), before.checkedPlatforms(), kept || sameImage, input.scan());
        ReportVerdict conclusion =
                input.nodesKnown() ? ReportVerdict.of(verdicts) : withoutNodes(input, before, verdicts);
        List<CheckedPlatform> shown = input.nodesKnown() ? verdicts : List.of();
        StatusCondition resolved = resolved(input, before, facts, now);
        StatusCondition compatible = condition(
                COMPATIBLE,
                switch (conclusion.verdict()) {
                    case ReportVerdict.COMPATIBLE -> "True";
                    case ReportVerdict.INCOMPATIBLE -> "False";
                    default -> "Unknown";
                },
                conclusion.reason(),
                conclusion.message(),
                input,
                now);
        ImageReportStatus next = assemble(input, before, facts, shown, conclusion, List.of(compatible, resolved), now);
        next = steers ? steered(next, input.usage()) : next;
        next = next.toBuilder().about(AboutImage.of(next)).build();
        return withTimes(next, before, input.scan().filter(scan -> !scanFailed), now);
    }

    /** The verdicts for stand-ins are not in the status, so without a new scan the conclusion that they led to stays. */
    private static ReportVerdict withoutNodes(
            ReconcileInput input, ImageReportStatus before, List<CheckedPlatform> verdicts) {
        boolean scanned = input.scan().filter(scan -> !scan.partial()).isPresent();
        boolean concluded =
                before.verdict() != null && before.checkedPlatforms().isEmpty();
        return !scanned && concluded
                ? new ReportVerdict(before.verdict(), before.reason(), before.message())
                : ReportVerdict.withoutNodes(verdicts);
    }

    /** Whether the two differ in what the reconciler writes. */
    public static boolean differ(Optional<ImageReportStatus> before, ImageReportStatus after) {
        return !before.map(status -> withoutDenial(status)).equals(Optional.of(after));
    }

    private ImageReportStatus assemble(
            ReconcileInput input,
            ImageReportStatus before,
            ImageFacts facts,
            List<CheckedPlatform> verdicts,
            ReportVerdict conclusion,
            List<StatusCondition> conditions,
            Instant now) {
        Move move = move(before, facts, now);
        List<ImagePlatform> held = NodeVerdicts.withVerdicts(facts.platforms(), verdicts);
        List<String> missing = NodeVerdicts.with("DoesNotRun", verdicts);
        List<String> workloads = input.usage().users().stream()
                .map(user -> user.kind() + "/" + user.name())
                .distinct()
                .toList();
        String unusedSinceTime = input.usage().isEmpty()
                ? Optional.ofNullable(before.unusedSinceTime()).orElse(Timestamps.text(now))
                : null;
        return ImageReportStatusBuilder.builder()
                .observedGeneration(input.generation())
                .verdict(conclusion.verdict())
                .reason(conclusion.reason())
                .message(conclusion.message())
                .checkedFor(checkedFor(input, before))
                .digest(facts.digest())
                .previousDigest(move.previousDigest())
                .movedTime(move.at())
                .mediaType(facts.mediaType())
                .platforms(held)
                .platformsTotal(facts.platformsTotal())
                .attestations(facts.attestations())
                .attestationsTotal(facts.attestationsTotal())
                .checkedPlatforms(verdicts)
                .missingPlatforms(missing)
                .usedBy(users(input.usage()))
                .usedByTotal(workloads.size())
                .unusedSinceTime(unusedSinceTime)
                .resolvedTime(before.resolvedTime())
                .checkedTime(before.checkedTime())
                .summary(summary(held, facts, missing, workloads))
                .conditions(conditions)
                .build();
    }

    /** What the verdicts are for; null when they are for more than one purpose. */
    private static String checkedFor(ReconcileInput input, ImageReportStatus before) {
        Optional<ImageScan> scan = input.scan().filter(found -> !found.failed());
        String now = scan.map(found -> label(found.purpose())).orElse(before.checkedFor());
        boolean mixed = scan.filter(ImageScan::partial).isPresent() && !now.equals(before.checkedFor());
        return mixed ? null : now;
    }

    /** The purpose as {@code checkedFor} has it. */
    public static String label(Assessor.Purpose purpose) {
        return switch (purpose) {
            case RUN -> "Container";
            case RUN_BY_RUNTIME_CLASS -> "RuntimeClass";
            case MOUNT -> "Volume";
            case DATA -> "Files";
        };
    }

    private static Move move(ImageReportStatus before, ImageFacts facts, Instant now) {
        boolean moved = before.digest() != null && !before.digest().equals(facts.digest());
        return moved
                ? new Move(before.digest(), Timestamps.text(now))
                : new Move(before.previousDigest(), before.movedTime());
    }

    private static List<UsedBy> users(ImageUsage usage) {
        return StatusText.first(
                usage.users().stream().map(StatusFactory::user).distinct().toList(), MAX_USERS);
    }

    private static UsedBy user(ImageUser user) {
        return new UsedBy(
                user.kind(),
                user.name(),
                user.container(),
                user.pods()
                        .modeAnnotation()
                        .flatMap(Mode::ofOptOut)
                        .map(Mode::value)
                        .orElse(null));
    }

    private static Summary summary(
            List<ImagePlatform> held, ImageFacts facts, List<String> missing, List<String> workloads) {
        List<String> platforms =
                held.stream().map(ImagePlatform::platform).distinct().toList();
        int total = facts.platformsTotal() == null ? 0 : facts.platformsTotal();
        return new Summary(
                StatusText.bounded(StatusText.list(platforms, total), MAX_SUMMARY),
                StatusText.bounded(StatusText.list(missing, missing.size()), MAX_SUMMARY),
                StatusText.bounded(used(workloads), MAX_SUMMARY),
                null);
    }

    /** With the platforms on whose nodes the pods are kept, if they are kept off others. */
    private static ImageReportStatus steered(ImageReportStatus status, ImageUsage usage) {
        List<String> runs = NodeVerdicts.with("Runs", status.checkedPlatforms());
        boolean keptOff = runs.stream().noneMatch(status.missingPlatforms()::contains)
                && !runs.isEmpty()
                && !status.missingPlatforms().isEmpty()
                && usage.users().stream().anyMatch(user -> !Bypass.applies(user.pods(), Optional.empty()));
        if (!keptOff) {
            return status;
        }
        Summary lines = status.summary();
        return status.toBuilder()
                .summary(new Summary(
                        lines.platforms(),
                        lines.missingPlatforms(),
                        lines.usedBy(),
                        StatusText.bounded(StatusText.list(runs, runs.size()), MAX_SUMMARY)))
                .build();
    }

    private static String used(List<String> workloads) {
        return workloads.size() <= 1 ? String.join("", workloads) : workloads.size() + " workloads";
    }

    private StatusCondition resolved(ReconcileInput input, ImageReportStatus before, ImageFacts facts, Instant now) {
        if (input.scan().filter(scan -> scan.scope() == Scope.DIGEST).isPresent()) {
            return condition(RESOLVED, "True", RESOLVED, null, input, now);
        }
        boolean fullScan = input.scan().map(scan -> !scan.partial()).orElse(false);
        Optional<StatusCondition> old = find(before, RESOLVED);
        if (!fullScan && old.isPresent()) {
            StatusCondition same = old.get();
            return condition(RESOLVED, same.status(), same.reason(), same.message(), input, now);
        }
        if (!fullScan) {
            return condition(RESOLVED, "Unknown", "Pending", "the image has not been checked yet", input, now);
        }
        ImageScan scan = input.scan().orElseThrow();
        if (scan.failed()) {
            Verdict why = scan.anyVerdict();
            String message = facts.digest() == null
                    ? why.message()
                    : why.message() + "; this is the result of " + before.resolvedTime();
            return condition(RESOLVED, "False", why.reason().label(), StatusText.bounded(message, 1024), input, now);
        }
        if (facts.digest() == null && !scan.assessment().verdicts().isEmpty()) {
            Verdict why = scan.anyVerdict();
            return condition(
                    RESOLVED, "False", why.reason().label(), StatusText.bounded(why.message(), 1024), input, now);
        }
        return condition(RESOLVED, "True", RESOLVED, null, input, now);
    }

    private static StatusCondition condition(
            String type, String status, String reason, String message, ReconcileInput input, Instant now) {
        String since = input.previous()
                .flatMap(before -> find(before, type))
                .filter(old -> status.equals(old.status()))
                .map(StatusCondition::lastTransitionTime)
                .orElseGet(() -> Timestamps.text(now));
        return new StatusCondition(type, status, reason, message, since, input.generation());
    }

    /** The condition of this type, if the status has one. */
    public static Optional<StatusCondition> find(ImageReportStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> type.equals(condition.type()))
                .findFirst();
    }

    /** Scans without news leave the times as they are, except once a day, which shows that scans still run. */
    private static ImageReportStatus withTimes(
            ImageReportStatus next, ImageReportStatus before, Optional<ImageScan> scan, Instant now) {
        boolean found = scan.isPresent();
        ImageReportStatus old = withoutDenial(before);
        boolean changed = !next.equals(old);
        boolean due = Timestamps.parse(before.checkedTime())
                .map(last -> !now.isBefore(last.plus(heartbeat(before))))
                .orElse(true);
        boolean contentsChanged = !Objects.equals(next.digest(), before.digest())
                || !next.checkedPlatforms().equals(before.checkedPlatforms());
        String resolvedTime = found && (contentsChanged || before.resolvedTime() == null)
                ? Timestamps.text(now)
                : before.resolvedTime();
        // only what was read from the registry counts as checked
        boolean read = scan.filter(any -> !any.partial()).isPresent();
        return next.toBuilder()
                .resolvedTime(resolvedTime)
                .checkedTime(read && (changed || due) ? Timestamps.text(now) : before.checkedTime())
                .build();
    }

    /** The status without the last denial, which another field manager writes. */
    public static ImageReportStatus withoutDenial(ImageReportStatus status) {
        return status.toBuilder().lastDenial(null).build();
    }

    /**
     * Whether the verdicts of a status hold for these profiles as long as the image has its digest: the image was read in full less than
     * 18 to 24 hours ago, depending on its digest, for the same purpose, and no verdict is undetermined or from an outage.
     */
    public static boolean holdsFor(ImageReportStatus status, ReconcileInput input, Instant now) {
        boolean resolved = find(status, RESOLVED)
                .filter(condition -> "True".equals(condition.status()))
                .isPresent();
        return resolved
                && status.digest() != null
                && label(input.usage().purpose()).equals(status.checkedFor())
                && checkedInFull(status, now)
                && input.profiles().stream().allMatch(profile -> NodeVerdicts.find(status.checkedPlatforms(), profile)
                        .filter(NodeVerdicts::conclusive)
                        .isPresent());
    }

    /** Whether all verdicts come from reading the image in full, and none only from what its index says. */
    private static boolean checkedInFull(ImageReportStatus status, Instant now) {
        Optional<Instant> checked = Timestamps.parse(status.checkedTime());
        Optional<Instant> resolved = Timestamps.parse(status.resolvedTime());
        return checked.isPresent()
                && resolved.isPresent()
                && !checked.get().isBefore(resolved.get())
                && !checked.get().isAfter(now)
                && now.isBefore(checked.get().plus(heartbeat(status)));
    }

    /** By digest, so that all reports of an image are due together, and its content is read once. */
    private static Duration heartbeat(ImageReportStatus status) {
        return HEARTBEAT.minusMinutes(Math.floorMod(Objects.hashCode(status.digest()), SPREAD_MINUTES));
    }
}
