package dev.stowage.cli.inspect;

import dev.stowage.cli.output.Inspection.View;
import dev.stowage.image.Digest;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.resolve.ResolvedImage;
import dev.stowage.resolve.Selection;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Judge;
import dev.stowage.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The platform of an image that nodes of each platform would run, or why they would not run it. */
final class NodeCompatibility {

    private static final int PLATFORMS_AT_MOST = 8;

    private NodeCompatibility() {}

    /** The nodes to check: the usual platforms and those that the image offers, with every family of runtimes. */
    static Set<NodeProfile> profiles(ResolvedImage image) {
        Set<Platform> platforms = new LinkedHashSet<>();
        platforms.add(Platform.of("linux", "amd64"));
        platforms.add(Platform.of("linux", "arm64"));
        for (Platform platform : new Judge().contents(image).platforms()) {
            boolean whole = !platform.os().isEmpty() && !platform.architecture().isEmpty();
            if (whole && platforms.size() < PLATFORMS_AT_MOST) {
                platforms.add(platform);
            }
        }
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        for (Platform platform : platforms) {
            for (RuntimeFamily runtime : RuntimeFamily.NAMES.stream()
                    .map(RuntimeFamily::named)
                    .distinct()
                    .toList()) {
                profiles.add(new NodeProfile(platform, runtime));
            }
        }
        return profiles;
    }

    /** A view for each platform, and one for each runtime where they disagree. */
    static List<View> of(ResolvedImage image) {
        Map<Platform, Map<String, List<NodeProfile>>> platforms = new LinkedHashMap<>();
        Judge judge = new Judge();
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        for (NodeProfile profile : image.selections().keySet()) {
            Verdict verdict = judge.judge(image, profile, Purpose.RUN);
            String says = says(image.selections().get(profile), verdict);
            verdicts.put(says, verdict);
            platforms
                    .computeIfAbsent(profile.platform(), platform -> new LinkedHashMap<>())
                    .computeIfAbsent(says, same -> new ArrayList<>())
                    .add(profile);
        }
        List<View> views = new ArrayList<>();
        platforms.forEach((platform, answers) -> answers.forEach((says, profiles) -> {
            String runtimes = answers.size() == 1
                    ? ""
                    : " with "
                            + String.join(
                                    ", ",
                                    profiles.stream()
                                            .map(p -> p.runtime().label())
                                            .toList());
            views.add(new View("node " + platform + runtimes, verdicts.get(says) instanceof Verdict.Runs, says));
        }));
        return views;
    }

    private static String says(Selection selection, Verdict verdict) {
        if (!(verdict instanceof Verdict.Runs)) {
            String begin = verdict instanceof Verdict.DoesNotRun ? "The image " : "Unknown: ";
            return begin + verdict.message() + " (" + verdict.reason().label() + ").";
        }
        String taken = taken(selection).map(digest -> "Runs " + digest).orElse("Runs the image");
        return verdict.message().isEmpty() ? taken + "." : taken + "; warning: " + verdict.message() + ".";
    }

    private static Optional<Digest> taken(Selection selection) {
        return selection instanceof Selection.Selected selected
                ? selected.entry().map(entry -> entry.digest())
                : Optional.empty();
    }
}
