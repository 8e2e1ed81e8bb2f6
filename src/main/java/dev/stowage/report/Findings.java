package dev.stowage.report;

import dev.stowage.platform.NodeProfile;
import dev.stowage.report.ImageReportStatus.HeldPlatform;
import dev.stowage.report.ImageReportStatus.NodePlatform;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The verdicts of a report: those of a new scan, and those written down before that still hold. */
final class Findings {

    private static final int MOST = 32;
    private static final String UNDETERMINED = "Undetermined";
    private static final Verdict NOT_LOOKED_AT =
            new Verdict.Undetermined(Reason.UNAVAILABLE, "has not been checked yet");
    private static final Comparator<NodePlatform> ORDER =
            Comparator.comparing(NodePlatform::platform).thenComparing(NodePlatform::runtime);

    private Findings() {}

    /**
     * The verdicts for these profiles, sorted.
     *
     * @param before those written down
     * @param sameImage whether they are about the contents that the image has now
     */
    static List<NodePlatform> merge(
            Set<NodeProfile> profiles, List<NodePlatform> before, boolean sameImage, Optional<Look> look) {
        List<NodePlatform> merged = new ArrayList<>();
        for (NodeProfile profile : profiles) {
            Optional<NodePlatform> old = sameImage ? find(before, profile) : Optional.empty();
            Optional<NodePlatform> fresh = look.flatMap(
                    found -> Optional.ofNullable(found.assessment().verdicts().get(profile))
                            .map(verdict -> nodePlatform(profile, verdict)));
            // What was found once about the same bytes stays true while a registry is away.
            boolean keepOld = old.filter(Findings::lookedAt).isPresent()
                    && (fresh.isEmpty() || fresh.get().verdict().equals(UNDETERMINED));
            merged.add((keepOld ? old : fresh).orElseGet(() -> nodePlatform(profile, NOT_LOOKED_AT)));
        }
        merged.sort(ORDER);
        return List.copyOf(Words.first(merged, MOST));
    }

    static Optional<NodePlatform> find(List<NodePlatform> platforms, NodeProfile profile) {
        String platform = Words.bounded(profile.platform().toString(), 128);
        return platforms.stream()
                .filter(known -> platform.equals(known.platform())
                        && profile.runtime().label().equals(known.runtime()))
                .findFirst();
    }

    /** Whether a scan came to this; what was written before the first scan says nothing. */
    static boolean lookedAt(NodePlatform platform) {
        return !NOT_LOOKED_AT.message().equals(platform.message());
    }

    private static NodePlatform nodePlatform(NodeProfile profile, Verdict verdict) {
        return new NodePlatform(
                Words.bounded(profile.platform().toString(), 128),
                profile.runtime().label(),
                verdict.label(),
                verdict.reason().label(),
                Words.bounded(verdict.message(), 512));
    }

    /** The first that has this verdict. */
    static Optional<NodePlatform> firstWith(String verdict, List<NodePlatform> platforms) {
        return platforms.stream().filter(one -> verdict.equals(one.verdict())).findFirst();
    }

    /** The platforms that have this verdict, each once. */
    static List<String> with(String verdict, List<NodePlatform> platforms) {
        return platforms.stream()
                .filter(one -> verdict.equals(one.verdict()))
                .map(NodePlatform::platform)
                .distinct()
                .toList();
    }

    /** Adds to what an image contains how nodes of the same platform like it; the worst counts, as runtimes differ. */
    static List<HeldPlatform> judged(List<HeldPlatform> held, List<NodePlatform> verdicts) {
        return held.stream()
                .map(one -> new HeldPlatform(one.platform(), one.digest(), verdictOn(one.platform(), verdicts)))
                .toList();
    }

    private static String verdictOn(String platform, List<NodePlatform> verdicts) {
        List<String> found = verdicts.stream()
                .filter(verdict -> Objects.equals(verdict.platform(), platform))
                .map(NodePlatform::verdict)
                .toList();
        return List.of("DoesNotRun", UNDETERMINED, "Runs").stream()
                .filter(found::contains)
                .findFirst()
                .orElse(null);
    }
}
