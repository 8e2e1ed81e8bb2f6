package dev.stowage.message;

import dev.stowage.platform.Platform;
import dev.stowage.verdict.Reason;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** How to build an image so that it runs on more platforms. */
public final class BuildAdvice {

    static final int MAX_PLATFORMS = 6;

    /** Reasons that building for one more platform fixes. */
    private static final Set<Reason> FIXED_BY_BUILD =
            EnumSet.of(Reason.PLATFORM_MISSING, Reason.CONFIG_MISMATCH, Reason.NOT_FETCHED);

    /** A platform goes into a command that people copy only when no shell could take it for anything else. */
    private static final Pattern FOR_A_COMMAND = Pattern.compile("[a-z0-9][a-z0-9._/-]*");

    private BuildAdvice() {}

    /** Whether building for the platform is what helps. */
    public static boolean helps(Reason reason) {
        return FIXED_BY_BUILD.contains(reason);
    }

    /**
     * {@code build it for linux/arm64 too: docker buildx build --platform linux/amd64,linux/arm64 --push …}.
     *
     * @param contained the platforms in the image
     * @param wanted the platforms on which it does not run
     * @return empty if it cannot be built for any of them: what runs on Linux is not rebuilt for Windows
     */
    public static Optional<String> of(List<Platform> contained, Collection<Platform> wanted) {
        List<String> missing = inWords(wanted.stream()
                .filter(platform ->
                        contained.stream().anyMatch(offered -> offered.os().equals(platform.os())))
                .toList());
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        Set<String> all = new LinkedHashSet<>(inWords(contained));
        boolean more = all.addAll(missing);
        String also = more ? "build it for " + MessageLine.listing(missing, MAX_PLATFORMS) + " too" : "build it again";
        boolean command = all.size() <= MAX_PLATFORMS
                && all.stream()
                        .allMatch(platform -> FOR_A_COMMAND.matcher(platform).matches());
        return Optional.of(
                command ? also + ": docker buildx build --platform " + String.join(",", all) + " --push …" : also);
    }

    private static List<String> inWords(List<Platform> platforms) {
        return platforms.stream()
                .map(platform -> Platform.of(platform.os(), platform.architecture(), platform.variant()))
                .map(NodeDescription::inWords)
                .distinct()
                .toList();
    }
}
