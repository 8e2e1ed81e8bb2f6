package dev.stowage.report;

import dev.stowage.report.ImageReportStatus.HeldPlatform;
import dev.stowage.report.ImageReportStatus.NodePlatform;
import dev.stowage.report.ImageReportStatus.Recollection;
import dev.stowage.report.ImageReportStatus.StatusCondition;
import dev.stowage.report.ImageReportStatus.Summary;
import dev.stowage.report.ImageReportStatus.User;
import dev.stowage.report.ImageUsage.ImageUser;
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
    private static final ImageReportStatus BLANK = new ImageReportStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null);

    private record Move(String previousDigest, String at) {}

    /** The next status; without the last denial, which is not the reconciler's to write. */
    ImageReportStatus next(Observation seen, Instant now) {
        ImageReportStatus before = seen.previous().orElse(BLANK);
        boolean inVain = seen.look().map(Look::inVain).orElse(true);
        boolean partial = seen.look().map(Look::partial).orElse(false);
        boolean kept = inVain || partial;
        Contents contents = kept
                ? Contents.writtenDown(before)
                : Contents.read(seen.look().orElseThrow().assessment().contents());
        boolean sameImage = Objects.equals(contents.digest(), before.digest()) && contents.digest() != null;
        List<NodePlatform> verdicts =
                Findings.merge(seen.profiles(), before.nodePlatforms(), kept || sameImage, seen.look());
        Conclusion conclusion = seen.nodesKnown() ? Conclusion.of(verdicts) : Conclusion.withoutNodes(verdicts);
        List<NodePlatform> shown = seen.nodesKnown() ? verdicts : List.of();
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
            List<NodePlatform> verdicts,
            Conclusion conclusion,
            List<StatusCondition> conditions,
            Instant now) {
        Move move = move(before, contents, now);
        List<HeldPlatform> held = Findings.judged(contents.platforms(), verdicts);
        List<String> missing = Findings.with("DoesNotRun", verdicts);
        List<String> workloads = seen.usage().users().stream()
                .map(user -> user.kind() + "/" + user.name())
                .distinct()
                .toList();
        String unusedSince = seen.usage().isEmpty()
                ? Optional.ofNullable(before.unusedSince()).orElse(Moments.text(now))
                : null;
        return new ImageReportStatus(
                seen.generation(),
                conclusion.verdict(),
                conclusion.reason(),
                conclusion.message(),
                contents.digest(),
                move.previousDigest(),
                move.at(),
                contents.mediaType(),
                held,
                contents.platformsTotal(),
                contents.attestations(),
                contents.attestationsTotal(),
                verdicts,
                missing,
                users(seen.usage()),
                workloads.size(),
                unusedSince,
                null,
                before.resolvedAt(),
                before.checkedAt(),
                summary(held, contents, missing, workloads),
                conditions,
                recollection(seen, before));
    }

    /** The new one, unless it says the same: that it was true a moment ago too is not worth a write. */
    private static Recollection recollection(Observation seen, ImageReportStatus before) {
        Recollection old = before.recollection();
        if (seen.look().isEmpty() || seen.look().get().partial()) {
            return old;
        }
        Look look = seen.look().get();
        if (look.inVain()) {
            return look.refused() ? null : old;
        }
        return look.recollection()
                .map(fresh -> fresh.saysTheSameAs(old) ? old : fresh)
                .orElse(null);
    }

    private static Move move(ImageReportStatus before, Contents contents, Instant now) {
        boolean moved = before.digest() != null && !before.digest().equals(contents.digest());
        return moved
                ? new Move(before.digest(), Moments.text(now))
                : new Move(before.previousDigest(), before.movedAt());
    }

    private static List<User> users(ImageUsage usage) {
        return Words.first(usage.users(), MOST_USERS).stream()
                .map(StatusFactory::user)
                .toList();
    }

    private static User user(ImageUser user) {
        return new User(user.kind(), user.name(), user.container());
    }

    private static Summary summary(
            List<HeldPlatform> held, Contents contents, List<String> missing, List<String> workloads) {
        List<String> platforms = held.stream().map(HeldPlatform::platform).toList();
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
                    : why.message() + "; this is the result of " + before.resolvedAt();
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
        boolean due = Moments.parse(before.checkedAt())
                .map(last -> !now.isBefore(last.plus(HEARTBEAT)))
                .orElse(true);
        boolean contentsChanged = !Objects.equals(next.digest(), before.digest())
                || !next.nodePlatforms().equals(before.nodePlatforms());
        String resolvedAt =
                found && (contentsChanged || before.resolvedAt() == null) ? Moments.text(now) : before.resolvedAt();
        boolean noted = found && (changed || due);
        String checkedAt = noted ? Moments.text(now) : before.checkedAt();
        // what is written anyway is written with the latest time
        Recollection recollection =
                look.filter(fresh -> noted).flatMap(Look::recollection).orElse(next.recollection());
        return copy(next, next.lastDenial(), resolvedAt, checkedAt, recollection);
    }

    static ImageReportStatus withoutDenial(ImageReportStatus status) {
        return copy(status, null, status.resolvedAt(), status.checkedAt(), status.recollection());
    }

    /** The same without what replicas that start would take over. */
    static ImageReportStatus withoutRecollection(ImageReportStatus status) {
        return copy(status, status.lastDenial(), status.resolvedAt(), status.checkedAt(), null);
    }

    private static ImageReportStatus copy(
            ImageReportStatus of,
            ImageReportStatus.Denial denial,
            String resolvedAt,
            String checkedAt,
            Recollection recollection) {
        return new ImageReportStatus(
                of.observedGeneration(),
                of.verdict(),
                of.reason(),
                of.message(),
                of.digest(),
                of.previousDigest(),
                of.movedAt(),
                of.mediaType(),
                of.platforms(),
                of.platformsTotal(),
                of.attestations(),
                of.attestationsTotal(),
                of.nodePlatforms(),
                of.missing(),
                of.usedBy(),
                of.usedByTotal(),
                of.unusedSince(),
                denial,
                resolvedAt,
                checkedAt,
                of.summary(),
                of.conditions(),
                recollection);
    }
}
