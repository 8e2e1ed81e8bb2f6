package dev.stowage.cli.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.cli.merge.MergedEntry.Attested;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.image.Digest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The index that comes out.
 *
 * @param sources the images that are merged
 * @param entries the images in the index, in the order of the sources, each once
 * @param mediaType the media type of the index: Docker's if all images are Docker's and none has an attestation, else OCI's
 * @param bytes the index as it is pushed
 */
record MergePlan(List<MergeSource> sources, List<MergedEntry> entries, String mediaType, byte[] bytes) {

    MergePlan {
        sources = List.copyOf(sources);
        entries = List.copyOf(entries);
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(bytes, "bytes");
    }

    /**
     * Puts the images together.
     *
     * @throws StoppedException when two different images are of the same platform
     */
    static MergePlan of(List<MergeSource> sources) {
        Map<Platform, MergedEntry> byPlatform = new LinkedHashMap<>();
        for (MergeSource source : sources) {
            for (MergedEntry entry : source.entries()) {
                MergedEntry other = byPlatform.putIfAbsent(
                        entry.descriptor().platform().orElseThrow().normalized(), entry);
                if (other != null && !other.digest().equals(entry.digest())) {
                    throw new StoppedException(
                            ExitCode.DOES_NOT_RUN,
                            "two images of " + entry.platform() + ": " + other.digest().abbreviated() + " of "
                                    + other.source() + " and " + entry.digest().abbreviated() + " of " + entry.source()
                                    + "; nodes would pull one or the other. Leave one out, or name the images of one platform"
                                    + " by their digests (stowage inspect lists them)");
                }
            }
        }
        List<MergedEntry> entries = List.copyOf(byPlatform.values());
        List<ObjectNode> json = new ArrayList<>();
        boolean docker = true;
        for (MergedEntry entry : entries) {
            docker &= MediaTypes.DOCKER_MANIFEST.equals(entry.descriptor().mediaType())
                    && entry.attestations().isEmpty();
            json.add(entry.json());
            entry.attestations().stream().map(Attested::json).forEach(json::add);
        }
        String mediaType = docker ? MediaTypes.DOCKER_LIST : MediaTypes.OCI_INDEX;
        return new MergePlan(sources, entries, mediaType, IndexJson.index(mediaType, json));
    }

    Digest digest() {
        return Digest.of(bytes);
    }

    /** What will not be in the index, in words. */
    List<String> warnings() {
        return sources.stream().flatMap(source -> source.warnings().stream()).toList();
    }
}
