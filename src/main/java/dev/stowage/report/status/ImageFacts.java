package dev.stowage.report.status;

import dev.stowage.image.Digest;
import dev.stowage.image.Printable;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.Index;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.ImageAttestation;
import dev.stowage.report.api.ImageReportStatus.ImagePlatform;
import dev.stowage.verdict.ImageContents;
import java.util.ArrayList;
import java.util.List;

/**
 * The contents of an image in a report, from a scan or from the previous status.
 *
 * @param digest null if unknown
 * @param mediaType null if unknown
 * @param platforms bounded; without verdicts
 * @param platformsTotal null if unknown
 * @param attestations bounded
 * @param attestationsTotal null if unknown
 */
record ImageFacts(
        String digest,
        String mediaType,
        List<ImagePlatform> platforms,
        Integer platformsTotal,
        List<ImageAttestation> attestations,
        Integer attestationsTotal) {

    /** Nothing is known. */
    static final ImageFacts UNKNOWN = new ImageFacts(null, null, List.of(), null, List.of(), null);

    private static final int MAX_PLATFORMS = 32;
    private static final int MAX_ATTESTATIONS = 16;

    static ImageFacts of(ImageContents contents) {
        if (contents.digest().isEmpty()) {
            return UNKNOWN;
        }
        List<Descriptor> entries = contents.document()
                .filter(Index.class::isInstance)
                .map(index -> ((Index) index).entries())
                .orElse(List.of());
        Digest whole = contents.digest().get();
        List<ImagePlatform> platforms = new ArrayList<>();
        for (Platform platform : StatusText.first(contents.platforms(), MAX_PLATFORMS)) {
            String name = StatusText.bounded(platform.toString(), 128);
            List<String> digests = contents.index() ? digestsOf(platform, entries) : List.of(whole.toString());
            if (digests.isEmpty()) {
                platforms.add(new ImagePlatform(name, null, null));
            }
            digests.forEach(digest -> platforms.add(new ImagePlatform(name, digest, null)));
        }
        List<ImageAttestation> attestations = entries.stream()
                .filter(Attestation::isIgnored)
                .limit(MAX_ATTESTATIONS)
                .map(entry -> new ImageAttestation(
                        entry.digest().toString(),
                        Attestation.subject(entry).map(Digest::toString).orElse(null)))
                .toList();
        return new ImageFacts(
                whole.toString(),
                contents.document()
                        .map(Document::mediaType)
                        .map(type -> StatusText.bounded(Printable.of(type), 256))
                        .orElse(null),
                StatusText.first(platforms, MAX_PLATFORMS),
                contents.platforms().size(),
                attestations,
                contents.attestations());
    }

    /** The entries of one platform: which of them is pulled depends on the node. */
    private static List<String> digestsOf(Platform platform, List<Descriptor> entries) {
        return entries.stream()
                .filter(entry -> !Attestation.isAnnotated(entry))
                .filter(entry -> entry.platform()
                        .map(claimed -> claimed.normalized().equals(platform))
                        .orElse(false))
                .map(entry -> entry.digest().toString())
                .distinct()
                .toList();
    }

    static ImageFacts of(ImageReportStatus status) {
        return new ImageFacts(
                status.digest(),
                status.mediaType(),
                status.platforms(),
                status.platformsTotal(),
                status.attestations(),
                status.attestationsTotal());
    }
}
