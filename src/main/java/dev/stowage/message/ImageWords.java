package dev.stowage.message;

import dev.stowage.image.Printable;
import dev.stowage.node.EligibleNodes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.policy.Judgement;
import dev.stowage.policy.Outcome;
import dev.stowage.verdict.Assessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ImageUse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One image of a workload in words: who uses it, what is wrong with it, where, and what mends it. */
final class ImageWords {

    private static final int USES = 3;
    private static final int NAME_LENGTH = 63;
    private static final int REASON_LENGTH = 320;
    private static final int REASONS = 2;
    private static final int PLATFORMS_TO_BUILD = 6;

    /** Where building for one more platform is what helps. */
    private static final Set<Reason> BUILD_MENDS =
            EnumSet.of(Reason.PLATFORM_MISSING, Reason.CONFIG_MISMATCH, Reason.NOT_FETCHED);

    /** Where the reason itself says what the image holds, or there is nothing it could hold. */
    private static final Set<Reason> CONTENTS_TOLD = EnumSet.of(
            Reason.PLATFORM_MISSING,
            Reason.CONFIG_MISMATCH,
            Reason.NOT_AN_IMAGE,
            Reason.EMPTY_INDEX,
            Reason.UNKNOWN_PLATFORM,
            Reason.INVALID_REFERENCE);

    /** A platform goes into a command that people copy only when no shell could take it for anything else. */
    private static final Pattern FOR_A_COMMAND = Pattern.compile("[a-z0-9][a-z0-9._/-]*");

    private final Judgement judgement;
    private final EligibleNodes nodes;
    private final NodeWords nodeWords;

    ImageWords(Judgement judgement, EligibleNodes nodes) {
        this.judgement = judgement;
        this.nodes = nodes;
        this.nodeWords = new NodeWords(nodes);
    }

    /** {@code container "app": image registry.example/shop:1.4}. */
    String subject() {
        List<String> uses = new ArrayList<>();
        for (ImageUse use : judgement.uses()) {
            uses.add(use.role().label() + " \"" + Line.cut(Printable.of(use.name()), NAME_LENGTH) + "\"");
        }
        return Line.listing(uses, USES) + ": image " + assessment().image();
    }

    /** The first line, which says it all. */
    String headline() {
        return subject() + " " + trouble();
    }

    private String trouble() {
        return switch (judgement.outcome()) {
            case NOT_FOUND -> "does not exist at its registry";
            case UNRESOLVED -> "could not be checked";
            case DOES_NOT_RUN ->
                "cannot " + verb() + " on "
                        + nodeWords.share(judgement.grounds().keySet());
            case RUNS, LEFT_ALONE, UNCHECKED -> "runs";
        };
    }

    private String verb() {
        boolean mounted = judgement.uses().stream().allMatch(use -> use.role() == ImageUse.Role.VOLUME);
        return mounted ? "be mounted" : "run";
    }

    /** The reason in short, with the platforms it is about, for one-line warnings. */
    String because() {
        Map<String, List<NodeProfile>> reasons = byReason();
        String first = reasons.keySet().iterator().next();
        boolean told = judgement.outcome() != Outcome.DOES_NOT_RUN || nodes.basis() != EligibleNodes.Basis.NODES;
        String platforms = told
                ? ""
                : "(" + Line.listing(NodeWords.platforms(judgement.grounds().keySet()), 3) + "): ";
        return (platforms.isEmpty() ? ": " : " " + platforms) + first;
    }

    /** The lines below the first, indented. */
    List<String> details() {
        List<String> lines = new ArrayList<>();
        int told = 0;
        Map<String, List<NodeProfile>> reasons = byReason();
        for (Map.Entry<String, List<NodeProfile>> reason : reasons.entrySet()) {
            if (told++ == REASONS) {
                lines.add("  and " + (reasons.size() - REASONS) + " more reasons");
                break;
            }
            lines.add("  why: " + reason.getKey());
            String where = nodeWords.whereabouts(reason.getValue());
            if (!where.isEmpty() && judgement.outcome() == Outcome.DOES_NOT_RUN) {
                lines.add("  where: " + where);
            }
        }
        holds().ifPresent(holds -> lines.add("  holds: " + holds));
        if (onlyLooksMultiPlatform()) {
            lines.add("  note: it only looks multi-platform: its unknown/unknown "
                    + (contents().attestations() == 1 ? "entry is the attestation" : "entries are the attestations")
                    + " that Buildx adds to a build");
        }
        return lines;
    }

    /** How to build the image so that it runs where it has to; nothing where building for a platform is not what helps. */
    Optional<String> build() {
        boolean helps = judgement.outcome() == Outcome.DOES_NOT_RUN
                && judgement.grounds().values().stream().allMatch(verdict -> BUILD_MENDS.contains(verdict.reason()));
        List<String> missing = platformsToBuild(judgement.grounds().keySet().stream()
                .map(NodeProfile::platform)
                .filter(this::couldBeBuilt)
                .toList());
        if (!helps || missing.isEmpty()) {
            return Optional.empty();
        }
        Set<String> all = new LinkedHashSet<>(platformsToBuild(contents().platforms()));
        all.addAll(missing);
        String also = "build it for " + Line.listing(missing, PLATFORMS_TO_BUILD) + " too";
        boolean command = all.size() <= PLATFORMS_TO_BUILD
                && all.stream()
                        .allMatch(platform -> FOR_A_COMMAND.matcher(platform).matches());
        return Optional.of(
                command ? also + ": docker buildx build --platform " + String.join(",", all) + " --push …" : also);
    }

    /** What runs on Linux is not rebuilt for Windows. */
    private boolean couldBeBuilt(Platform wanted) {
        return contents().platforms().stream().anyMatch(offered -> offered.os().equals(wanted.os()));
    }

    private static List<String> platformsToBuild(List<Platform> platforms) {
        return platforms.stream()
                .map(platform -> Platform.of(platform.os(), platform.architecture(), platform.variant()))
                .map(NodeWords::inWords)
                .distinct()
                .toList();
    }

    private Optional<String> holds() {
        boolean told =
                judgement.grounds().values().stream().allMatch(verdict -> CONTENTS_TOLD.contains(verdict.reason()));
        if (told || !contents().index()) {
            return Optional.empty();
        }
        List<String> platforms =
                contents().platforms().stream().map(NodeWords::inWords).toList();
        String offered =
                platforms.isEmpty() ? "an index without platforms" : "an index of " + Line.listing(platforms, 6);
        return Optional.of(offered + attestations());
    }

    /** The reasons, each with the profiles it concerns. */
    private Map<String, List<NodeProfile>> byReason() {
        Map<String, List<NodeProfile>> reasons = new LinkedHashMap<>();
        judgement.grounds().forEach((profile, verdict) -> reasons.computeIfAbsent(
                        reason(verdict), reason -> new ArrayList<>())
                .add(profile));
        return reasons;
    }

    private String reason(Verdict verdict) {
        String message = Line.cut(Line.safe(verdict.message()), REASON_LENGTH);
        if (verdict.reason() == Reason.PLATFORM_MISSING && message.startsWith("offers ")) {
            return "its index " + message + attestations();
        }
        return message.startsWith("is ") || message.startsWith("has ") || message.startsWith("holds ")
                ? "it " + message
                : message;
    }

    private String attestations() {
        int ignored = contents().attestations();
        return ignored == 0 ? "" : " (" + Line.count(ignored, "attestation", "attestations") + " ignored)";
    }

    private boolean onlyLooksMultiPlatform() {
        return contents().index()
                && contents().platforms().size() == 1
                && contents().attestations() > 0
                && judgement.grounds().values().stream()
                        .anyMatch(verdict -> verdict.reason() == Reason.PLATFORM_MISSING);
    }

    private ImageContents contents() {
        return assessment().contents();
    }

    private Assessment assessment() {
        return judgement.assessment();
    }
}
