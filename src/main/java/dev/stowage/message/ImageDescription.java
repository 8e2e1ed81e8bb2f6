package dev.stowage.message;

import dev.stowage.image.Printable;
import dev.stowage.node.EligibleNodes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.policy.ImageDecision;
import dev.stowage.policy.ImageOutcome;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ImageUse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One image of a workload in words: the containers that use it, what is wrong, on which nodes, and how to fix it. */
final class ImageDescription {

    private static final int NAMES = 3;
    private static final int NAME_LENGTH = 63;
    private static final int REASON_LENGTH = 320;
    private static final int REASONS = 2;
    private static final int PLATFORMS = 3;

    /** Reasons that hold for every node when they hold for all that were asked about. */
    private static final Set<Reason> NODES_DO_NOT_MATTER = EnumSet.of(
            Reason.NOT_AN_IMAGE,
            Reason.EMPTY_INDEX,
            Reason.UNKNOWN_PLATFORM,
            Reason.INVALID_REFERENCE,
            Reason.INVALID,
            Reason.TOO_LARGE);

    private final ImageDecision decision;
    private final EligibleNodes nodes;
    private final NodeDescription nodeDescription;

    ImageDescription(ImageDecision imageDecision, EligibleNodes nodes) {
        this.decision = imageDecision;
        this.nodes = nodes;
        this.nodeDescription = new NodeDescription(nodes);
    }

    /** {@code container "app": image registry.example/shop:1.4}. */
    String subject() {
        Map<ImageUse.Role, List<String>> names = new EnumMap<>(ImageUse.Role.class);
        for (ImageUse use : decision.uses()) {
            names.computeIfAbsent(use.role(), role -> new ArrayList<>())
                    .add('"' + MessageLine.cut(Printable.of(use.name()), NAME_LENGTH) + '"');
        }
        List<String> uses = new ArrayList<>();
        names.forEach((role, those) ->
                uses.add(role.label() + (those.size() == 1 ? " " : "s ") + MessageLine.listing(those, NAMES)));
        return MessageLine.listing(uses, ImageUse.Role.values().length) + ": image "
                + assessment().image();
    }

    /** The first line: what is wrong, on how many nodes, and why. */
    String headline() {
        List<String> reasons = List.copyOf(byReason().keySet());
        return subject() + " " + problem() + (reasons.size() == 1 ? ": " + reasons.get(0) : "");
    }

    /** All in one line, for warnings. */
    String inOneLine() {
        return subject() + " " + inShort();
    }

    /** The same without the subject: {@code cannot run on 1 of 3 eligible nodes (linux/arm64): contains linux/amd64 only}. */
    String inShort() {
        boolean nodesKnown = decision.outcome() == ImageOutcome.DOES_NOT_RUN
                && nodes.basis() == EligibleNodes.Basis.NODES
                && !forEveryNode();
        String where = nodesKnown
                ? " ("
                        + MessageLine.listing(
                                NodeDescription.platforms(decision.grounds().keySet()), PLATFORMS) + ")"
                : "";
        String ignored = missesPlatform() ? ignored() : "";
        return problem() + where + ": " + byReason().keySet().iterator().next()
                + (ignored.isEmpty() ? "" : " (" + ignored + ")");
    }

    private String problem() {
        return switch (decision.outcome()) {
            case NOT_FOUND -> "does not exist (yet)";
            case UNRESOLVED -> "could not be checked";
            case UNCERTAIN -> "may not run";
            case DOES_NOT_RUN ->
                "cannot " + verb() + " on "
                        + (forEveryNode()
                                ? "any node"
                                : nodeDescription.share(decision.grounds().keySet()));
            case RUNS, SKIPPED, UNCHECKED -> "runs";
        };
    }

    private String verb() {
        return isMounted() ? "be mounted" : "run";
    }

    private boolean isMounted() {
        return decision.uses().stream().allMatch(use -> use.role() == ImageUse.Role.VOLUME);
    }

    /** Whether no node could do better, so that it does not matter which nodes there are. */
    private boolean forEveryNode() {
        boolean listsPlatforms = contents().index() && !contents().platforms().isEmpty();
        return !listsPlatforms
                && !isMounted()
                && decision.grounds().size() == assessment().verdicts().size()
                && decision.grounds().values().stream()
                        .allMatch(verdict -> NODES_DO_NOT_MATTER.contains(verdict.reason()))
                && byReason().size() == 1;
    }

    /** The lines below the first, indented. */
    List<String> details() {
        List<String> lines = new ArrayList<>();
        Map<String, List<NodeProfile>> reasons = byReason();
        int told = 0;
        for (Map.Entry<String, List<NodeProfile>> reason : reasons.entrySet()) {
            if (told++ == REASONS) {
                lines.add("  why: " + MessageLine.count(reasons.size() - REASONS, "more reason", "more reasons"));
                break;
            }
            if (reasons.size() > 1) {
                lines.add("  why: " + reason.getKey());
            }
            String where = nodeDescription.location(reason.getValue());
            if (!where.isEmpty() && decision.outcome() == ImageOutcome.DOES_NOT_RUN && !forEveryNode()) {
                lines.add("  nodes: " + where);
            }
        }
        listed().ifPresent(platforms -> lines.add("  contains: " + platforms));
        return lines;
    }

    /** The platforms in the index, unless the reason gives them or there are none. */
    private Optional<String> listed() {
        if (!contents().index() || contents().platforms().isEmpty()) {
            return Optional.empty();
        }
        String platforms = MessageLine.listing(
                contents().platforms().stream().map(NodeDescription::inWords).toList(), BuildAdvice.MAX_PLATFORMS);
        String ignored = ignored();
        if (ignored.isEmpty()) {
            return missesPlatform() ? Optional.empty() : Optional.of(platforms);
        }
        boolean looksMultiPlatform = missesPlatform() && contents().platforms().size() == 1;
        String hint = looksMultiPlatform
                ? (contents().attestations() == 1
                                ? ": the unknown/unknown entry that makes"
                                : ": the unknown/unknown entries that make")
                        + " it look multi-platform"
                : "";
        return Optional.of(platforms + " (" + ignored + hint + ")");
    }

    /** {@code 2 attestations ignored}; empty when there are none. */
    private String ignored() {
        int ignored = contents().attestations();
        return ignored == 0 ? "" : MessageLine.count(ignored, "attestation", "attestations") + " ignored";
    }

    private boolean missesPlatform() {
        return decision.grounds().values().stream().anyMatch(verdict -> verdict.reason() == Reason.PLATFORM_MISSING);
    }

    /** How to build the image so that it runs where it has to; nothing where building for a platform is not what helps. */
    Optional<String> fix() {
        boolean helps = decision.outcome() == ImageOutcome.DOES_NOT_RUN
                && decision.grounds().values().stream().allMatch(verdict -> BuildAdvice.helps(verdict.reason()));
        return helps
                ? BuildAdvice.of(
                        contents().platforms(),
                        decision.grounds().keySet().stream()
                                .map(NodeProfile::platform)
                                .toList())
                : Optional.empty();
    }

    /** The reasons, each with the profiles it concerns. */
    private Map<String, List<NodeProfile>> byReason() {
        Map<String, List<NodeProfile>> reasons = new LinkedHashMap<>();
        decision.grounds()
                .forEach((profile, verdict) -> reasons.computeIfAbsent(reason(verdict), reason -> new ArrayList<>())
                        .add(profile));
        return reasons;
    }

    private static String reason(Verdict verdict) {
        String message = MessageLine.cut(MessageLine.safe(verdict.message()), REASON_LENGTH);
        if (verdict.reason() == Reason.PLATFORM_MISSING && message.startsWith("contains ")) {
            return "the image index " + message;
        }
        boolean clause =
                List.of("is ", "has ", "runs ", "contains ", "declares ", "lists ", "nests ", "names ", "does ")
                        .stream()
                        .anyMatch(message::startsWith);
        return clause ? "it " + message : message;
    }

    private ImageContents contents() {
        return assessment().contents();
    }

    private ImageAssessment assessment() {
        return decision.assessment();
    }
}
