package dev.stowage.cli.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.image.Digest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The index that comes out: the entries of all sources, one source after the other.
 *
 * @param sources the images that are merged
 * @param warnings what is remarkable, in words
 * @param mediaType the media type of the index: Docker's if all entries are Docker's, else OCI's
 * @param bytes the index as it is pushed
 */
record MergePlan(List<MergeSource> sources, List<String> warnings, String mediaType, byte[] bytes) {

    MergePlan {
        sources = List.copyOf(sources);
        warnings = List.copyOf(warnings);
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(bytes, "bytes");
    }

    /**
     * Puts the images together. A source that adds nothing is left out.
     *
     * @throws StoppedException when two images are of the same platform
     */
    static MergePlan of(List<MergeSource> all) {
        Map<Platform, MergedEntry> images = new HashMap<>();
        List<MergeSource> sources = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (MergeSource source : all) {
            long known = source.entries().stream()
                    .filter(entry -> entry.isImage() && isKnown(entry, images))
                    .count();
            long total = source.entries().stream().filter(MergedEntry::isImage).count();
            if (known == total) {
                warnings.add(source.reference() + " is left out: the other images contain all of it");
                continue;
            }
            source.entries().stream().filter(MergedEntry::isImage).forEach(entry -> add(entry, images));
            sources.add(source);
            warnings.addAll(source.warnings());
        }
        List<ObjectNode> entries = sources.stream()
                .flatMap(source -> source.entries().stream())
                .map(MergedEntry::json)
                .toList();
        boolean docker = sources.stream()
                .flatMap(source -> source.entries().stream())
                .allMatch(entry ->
                        MediaTypes.DOCKER_MANIFEST.equals(entry.descriptor().mediaType()));
        String mediaType = docker ? MediaTypes.DOCKER_LIST : MediaTypes.OCI_INDEX;
        return new MergePlan(sources, warnings, mediaType, IndexJson.index(mediaType, entries));
    }

    private static Platform platform(MergedEntry entry) {
        return entry.descriptor().platform().orElseThrow().normalized();
    }

    private static boolean isKnown(MergedEntry entry, Map<Platform, MergedEntry> images) {
        MergedEntry other = images.get(platform(entry));
        return other != null && other.digest().equals(entry.digest());
    }

    private static void add(MergedEntry entry, Map<Platform, MergedEntry> images) {
        MergedEntry other = images.putIfAbsent(platform(entry), entry);
        if (other != null) {
            throw new StoppedException(
                    ExitCode.DOES_NOT_RUN,
                    "two images of " + platform(entry) + ": " + other.digest().abbreviated() + " of " + other.source()
                            + " and " + entry.digest().abbreviated() + " of " + entry.source()
                            + "; an index has one for each platform. Leave one out, or name the images to be merged by"
                            + " their own digests (stowage inspect lists them)");
        }
    }

    /** The digest of the index. */
    Digest digest() {
        return Digest.of(bytes);
    }
}
