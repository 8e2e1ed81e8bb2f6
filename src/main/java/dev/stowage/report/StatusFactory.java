package dev.stowage.report;

import dev.stowage.report.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.ImageReportStatus.ImagePlatform;
import dev.stowage.report.ImageReportStatus.StatusCondition;
import dev.stowage.report.ImageReportStatus.Summary;
import dev.stowage.report.ImageReportStatus.UsedBy;
import dev.stowage.report.ImageUsage.ImageUser;
import dev.stowage.report.Look.Scope;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a report's next status from what is observed: a pure function. What has not changed stays as it is written, times
 * included, so that comparing the two statuses tells whether anything is worth writing.
 */
final class StatusFactory {

    static final String RESOLVED = "Resolved";
    static final String COMPATIBLE = "Compatible";

    /** How old the time of the last scan may get before it is written although nothing else changed. */
    static final Duration HEARTBEAT = Duration.ofDays(1);

    private static final int MOST_USERS = 16;
    private static final int LONGEST_SUMMARY = 512;

    private record Move(String previousDigest, String at) {}

    /** The next status; without the last denial, which is not the reconciler's to write. */
    ImageReportStatus next(Observation seen, Instant now) {
        ImageReportStatus before = seen.previous().orElse(ImageReportStatus.EMPTY);
        boolean inVain = seen.look().map(Look::inVain).orElse(true);
        boolean partial = seen.look().map(Look::partial).orElse(false);
        boolean kept = inVain || partial;
        Contents contents = kept
                ? Contents.writtenDown(before)
                : Contents.read(seen.look().orElseThrow().assessment().contents());
        boolean sameImage = Objects.equals(contents.digest(), before.digest()) && contents.digest() != null;
        List<CheckedPlatform> verdicts =
                Findings.merge(seen.profiles(), before.checkedPlatforms(), kept || sameImage, seen.look());
        Conclusion conclusion = seen.nodesKnown() ? Conclusion.of(verdicts) : Conclusion.withoutNodes(verdicts);
        List<CheckedPlatform> shown = seen.nodesKnown() ? verdicts : List.of();
        StatusCondition resolved = resolved(seen, before, contents, now);
        StatusCondition compatible = condition(
                COMPATIBLE,
                switch (conclusion.verdict()) {
                    case Conclusion.COMPATIBLE -> "True";
                    case Conclusion.INCOMPATIBLE -> "False";
                    default -> "Unknown";
                },
                conclusion.reason(),
                conclusion.message(),
                seen,
                now);
        ImageReportStatus next =
                assemble(seen, before, contents, shown, conclusion, List.of(compatible, resolved), now);
        return withTimes(next, before, seen.look().filter(look -> !inVain), now);
    }

    /** Whether the two differ in what the reconciler writes. */
    static boolean differ(Optional<ImageReportStatus> before, ImageReportStatus after) {
        return !before.map(status -> withoutDenial(status)).equals(Optional.of(after));
    }

    private ImageReportStatus assemble(
            Observation seen,
            ImageReportStatus before,
            Contents contents,
            List<CheckedPlatform> verdicts,
            Conclusion conclusion,
            List<StatusCondition> conditions,
            Instant now) {
        Move move = move(before, contents, now);
        List<ImagePlatform> held = Findings.judged(contents.platforms(), verdicts);
        List<String> missing = Findings.with("DoesNotRun", verdicts);
        List<String> workloads = seen.usage().users().stream()
                .map(user -> user.kind() + "/" + user.name())
                .distinct()
                .toList();
        String unusedSinceTime = seen.usage().isEmpty()
                ? Optional.ofNullable(before.unusedSinceTime()).orElse(Moments.text(now))
                : null;
        return ImageReportStatusBuilder.builder()
                .observedGeneration(seen.generation())
                .verdict(conclusion.verdict())
                .reason(conclusion.reason())
                .message(conclusion.message())
                .checkedFor(checkedFor(seen, before))
                .digest(contents.digest())
                .previousDigest(move.previousDigest())
                .movedTime(move.at())
                .mediaType(contents.mediaType())
                .platforms(held)
                .platformsTotal(contents.platformsTotal())
                .attestations(contents.attestations())
                .attestationsTotal(contents.attestationsTotal())
                .checkedPlatforms(verdicts)
                .missingPlatforms(missing)
                .usedBy(users(seen.usage()))
                .usedByTotal(workloads.size())
                .unusedSinceTime(unusedSinceTime)
                .resolvedTime(before.resolvedTime())
                .checkedTime(before.checkedTime())
                .summary(summary(held, contents, missing, workloads))
                .conditions(conditions)
                .build();
    }

    /** What the verdicts are for; null when they are for more than one purpose. */
    private static String checkedFor(Observation seen, ImageReportStatus before) {
        Optional<Look> look = seen.look().filter(found -> !found.inVain());
        String now = look.map(found -> label(found.purpose())).orElse(before.checkedFor());
        boolean mixed = look.filter(Look::partial).isPresent() && !now.equals(before.checkedFor());
        return mixed ? null : now;
    }

    static String label(Assessor.Purpose purpose) {
        return switch (purpose) {
            case RUN -> "Container";
            case RUN_BY_RUNTIME_CLASS -> "RuntimeClass";
            case MOUNT -> "Volume";
        };
    }

    private static Move move(ImageReportStatus before, Contents contents, Instant now) {
        boolean moved = before.digest() != null && !before.digest().equals(contents.digest());
        return moved
                ? new Move(before.digest(), Moments.text(now))
                : new Move(before.previousDigest(), before.movedTime());
    }

    private static List<UsedBy> users(ImageUsage usage) {
        return Words.first(usage.users(), MOST_USERS).stream()
                .map(StatusFactory::user)
                .toList();
    }

    private static UsedBy user(ImageUser user) {
        return new UsedBy(user.kind(), user.name(), user.container());
    }

    private static Summary summary(
            List<ImagePlatform> held, Contents contents, List<String> missing, List<String> workloads) {
        List<String> platforms = held.stream().map(ImagePlatform::platform).toList();
        int total = contents.platformsTotal() == null ? 0 : contents.platformsTotal();
        return new Summary(
                Words.bounded(Words.list(platforms, total), LONGEST_SUMMARY),
                Words.bounded(Words.list(missing, missing.size()), LONGEST_SUMMARY),
                Words.bounded(used(workloads), LONGEST_SUMMARY));
    }

    private static String used(List<String> workloads) {
        return workloads.size() <= 1 ? String.join("", workloads) : workloads.size() + " workloads";
    }

    private StatusCondition resolved(Observation seen, ImageReportStatus before, Contents contents, Instant now) {
        if (seen.look().filter(look -> look.scope() == Scope.DIGEST).isPresent()) {
            return condition(RESOLVED, "True", RESOLVED, null, seen, now);
        }
        boolean asked = seen.look().map(look -> !look.partial()).orElse(false);
        Optional<StatusCondition> old = find(before, RESOLVED);
        if (!asked && old.isPresent()) {
            StatusCondition same = old.get();
            return condition(RESOLVED, same.status(), same.reason(), same.message(), seen, now);
        }
        if (!asked) {
            return condition(RESOLVED, "Unknown", "Pending", "the image has not been checked yet", seen, now);
        }
        Look look = seen.look().orElseThrow();
        if (look.inVain()) {
            Verdict why = look.anyVerdict();
            String message = contents.digest() == null
                    ? why.message()
                    : why.message() + "; this is the result of " + before.resolvedTime();
            return condition(RESOLVED, "False", why.reason().label(), Words.bounded(message, 1024), seen, now);
        }
        if (contents.digest() == null && !look.assessment().verdicts().isEmpty()) {
            Verdict why = look.anyVerdict();
            return condition(RESOLVED, "False", why.reason().label(), Words.bounded(why.message(), 1024), seen, now);
        }
        return condition(RESOLVED, "True", RESOLVED, null, seen, now);
    }

    private static StatusCondition condition(
            String type, String status, String reason, String message, Observation seen, Instant now) {
        String since = seen.previous()
                .flatMap(before -> find(before, type))
                .filter(old -> status.equals(old.status()))
                .map(StatusCondition::lastTransitionTime)
                .orElseGet(() -> Moments.text(now));
        return new StatusCondition(type, status, reason, message, since, seen.generation());
    }

    static Optional<StatusCondition> find(ImageReportStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> type.equals(condition.type()))
                .findFirst();
    }

    /** Scans that find nothing new do not count, but for one a day that shows that somebody still scans. */
    private static ImageReportStatus withTimes(
            ImageReportStatus next, ImageReportStatus before, Optional<Look> look, Instant now) {
        boolean found = look.isPresent();
        ImageReportStatus old = withoutDenial(before);
        boolean changed = !next.equals(old);
        boolean due = Moments.parse(before.checkedTime())
                .map(last -> !now.isBefore(last.plus(HEARTBEAT)))
                .orElse(true);
        boolean contentsChanged = !Objects.equals(next.digest(), before.digest())
                || !next.checkedPlatforms().equals(before.checkedPlatforms());
        String resolvedTime =
                found && (contentsChanged || before.resolvedTime() == null) ? Moments.text(now) : before.resolvedTime();
        // only what was read from the registry counts as checked
        boolean read = look.filter(any -> !any.partial()).isPresent();
        return next.toBuilder()
                .resolvedTime(resolvedTime)
                .checkedTime(read && (changed || due) ? Moments.text(now) : before.checkedTime())
                .build();
    }

    static ImageReportStatus withoutDenial(ImageReportStatus status) {
        return status.toBuilder().lastDenial(null).build();
    }

    /** Whether all verdicts come from reading the image in full, and none only from what its index says. */
    static boolean checkedInFull(ImageReportStatus status) {
        Optional<Instant> checked = Moments.parse(status.checkedTime());
        Optional<Instant> resolved = Moments.parse(status.resolvedTime());
        return checked.isPresent() && resolved.isPresent() && !checked.get().isBefore(resolved.get());
    }
}
