package dev.stowage.verdict;

import dev.stowage.image.Printable;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Index;
import dev.stowage.platform.Platform;
import dev.stowage.text.WordList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The platforms that an index offers to nodes: those of its entries, normalised, each once, in order; without attestations and
 * without what names an unknown operating system or architecture.
 *
 * @param platforms the platforms
 * @param unnamed how many entries name no platform and are not attestations
 */
record OfferedPlatforms(Set<Platform> platforms, int unnamed) {

    private static final int NAMED_AT_MOST = 8;

    static OfferedPlatforms of(Index index) {
        Set<Platform> platforms = new LinkedHashSet<>();
        int unnamed = 0;
        for (Descriptor entry : index.entries()) {
            if (Attestation.isIgnored(entry) || Attestation.isMisleading(entry)) {
                continue;
            }
            if (entry.platform().isEmpty()) {
                unnamed += entry.artifactType().isEmpty() ? 1 : 0;
            } else if (isOffered(entry.platform().get())) {
                platforms.add(entry.platform().get().normalized());
            }
        }
        return new OfferedPlatforms(platforms, unnamed);
    }

    private static boolean isOffered(Platform platform) {
        return !"unknown".equals(platform.os())
                && !"unknown".equals(platform.architecture())
                && !platform.architecture().isEmpty();
    }

    boolean isEmpty() {
        return platforms.isEmpty();
    }

    /** Entries of one platform differ in what they require of it. */
    private static String inWords(Platform platform) {
        return platform.osFeatures().isEmpty() || "windows".equals(platform.os())
                ? platform.toString()
                : platform + " with " + Printable.of(String.join(", ", platform.osFeatures()));
    }

    /** {@code linux/amd64, linux/arm64 and 3 more}. */
    String inWords() {
        return WordList.of(
                platforms.stream().map(OfferedPlatforms::inWords).distinct().toList(), NAMED_AT_MOST);
    }
}
