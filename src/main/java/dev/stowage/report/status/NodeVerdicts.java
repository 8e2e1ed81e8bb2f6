package dev.stowage.report.status;

import dev.stowage.platform.NodeProfile;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.api.ImageReportStatus.ImagePlatform;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.verdict.VerdictQualifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The verdicts of a report: those of a new scan, and those of the previous status that are still valid. */
public final class NodeVerdicts {

    private static final int MAX_PROFILES = 32;
    private static final String UNDETERMINED = "Undetermined";
    private static final Verdict NOT_SCANNED = new Verdict.Undetermined(Reason.UNAVAILABLE, "has not been checked yet");
    private static final Comparator<CheckedPlatform> ORDER =
            Comparator.comparing(CheckedPlatform::platform).thenComparing(CheckedPlatform::runtime);

    private NodeVerdicts() {}

    /**
     * The verdicts for these profiles, sorted.
     *
     * @param before those of the previous status
     * @param sameImage whether they are about the current contents of the image
     */
    static List<CheckedPlatform> merge(
            Set<NodeProfile> profiles, List<CheckedPlatform> before, boolean sameImage, Optional<ImageScan> scan) {
        List<CheckedPlatform> merged = new ArrayList<>();
        for (NodeProfile profile : profiles) {
            Optional<CheckedPlatform> old = sameImage ? find(before, profile) : Optional.empty();
            Optional<CheckedPlatform> fresh = scan.flatMap(
                    found -> Optional.ofNullable(found.assessment().verdicts().get(profile))
                            .map(verdict -> checkedPlatform(profile, verdict)));
            // a verdict about the same digest stays valid while the registry is unavailable
            boolean keepOld = old.filter(NodeVerdicts::scanned).isPresent()
                    && (fresh.isEmpty() || fresh.get().verdict().equals(UNDETERMINED));
            merged.add((keepOld ? old : fresh).orElseGet(() -> checkedPlatform(profile, NOT_SCANNED)));
        }
        merged.sort(ORDER);
        return List.copyOf(StatusText.first(merged, MAX_PROFILES));
    }

    /** The verdict for this profile, if there is one. */
    public static Optional<CheckedPlatform> find(List<CheckedPlatform> platforms, NodeProfile profile) {
        String platform = StatusText.bounded(profile.platform().toString(), 128);
        return platforms.stream()
                .filter(known ->
                        platform.equals(known.platform()) && runtime(profile).equals(known.runtime()))
                .findFirst();
    }

    /** Whether the verdict comes from a scan; the status before the first scan has none. */
    public static boolean scanned(CheckedPlatform platform) {
        return !NOT_SCANNED.message().equals(platform.message());
    }

    /** Whether the verdict is about what the registry holds, and not one from an outage. */
    static boolean conclusive(CheckedPlatform platform) {
        return !UNDETERMINED.equals(platform.verdict())
                && !VerdictQualifier.isAged(Objects.requireNonNullElse(platform.message(), ""));
    }

    private static CheckedPlatform checkedPlatform(NodeProfile profile, Verdict verdict) {
        return new CheckedPlatform(
                StatusText.bounded(profile.platform().toString(), 128),
                runtime(profile),
                // an image that does not exist lacks no platform; it may be pushed later
                verdict.reason() == Reason.NOT_FOUND ? UNDETERMINED : verdict.label(),
                verdict.reason().label(),
                StatusText.bounded(verdict.message(), 512));
    }

    /** What a node emulates is a label of it, of any length. */
    private static String runtime(NodeProfile profile) {
        return StatusText.bounded(profile.runtimeLabel(), 256);
    }

    /** The first that has this verdict. */
    static Optional<CheckedPlatform> firstWith(String verdict, List<CheckedPlatform> platforms) {
        return platforms.stream().filter(one -> verdict.equals(one.verdict())).findFirst();
    }

    /** The platforms that have this verdict, each once. */
    static List<String> with(String verdict, List<CheckedPlatform> platforms) {
        return platforms.stream()
                .filter(one -> verdict.equals(one.verdict()))
                .map(CheckedPlatform::platform)
                .distinct()
                .toList();
    }

    /** Adds the verdict of the nodes of each platform; the worst counts, as container runtimes differ. */
    static List<ImagePlatform> withVerdicts(List<ImagePlatform> platforms, List<CheckedPlatform> verdicts) {
        return platforms.stream()
                .map(one -> new ImagePlatform(one.platform(), one.digest(), verdictOn(one.platform(), verdicts)))
                .toList();
    }

    private static String verdictOn(String platform, List<CheckedPlatform> verdicts) {
        List<String> found = verdicts.stream()
                .filter(verdict -> Objects.equals(verdict.platform(), platform))
                .map(CheckedPlatform::verdict)
                .toList();
        return List.of("DoesNotRun", UNDETERMINED, "Runs").stream()
                .filter(found::contains)
                .findFirst()
                .orElse(null);
    }
}
