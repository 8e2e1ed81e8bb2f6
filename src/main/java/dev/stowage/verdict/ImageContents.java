package dev.stowage.verdict;

import dev.stowage.image.Digest;
import dev.stowage.oci.Document;
import dev.stowage.platform.Platform;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an image really contains, in the words of messages: "linux/amd64; 2 attestations ignored".
 *
 * @param digest the digest of the top document; empty when it could not be had
 * @param index whether the top document is an index
 * @param platforms the platforms it offers, normalised, each once, in order; for a single manifest its config's
 * @param attestations how many attestation entries are left out of account
 * @param document the top document itself, for those who say more of it; empty when it could not be had
 */
public record ImageContents(
        Optional<Digest> digest,
        boolean index,
        List<Platform> platforms,
        int attestations,
        Optional<Document> document) {

    /** Nothing is known of the image. */
    public static final ImageContents UNKNOWN =
            new ImageContents(Optional.empty(), false, List.of(), 0, Optional.empty());

    public ImageContents {
        Objects.requireNonNull(digest, "digest");
        platforms = List.copyOf(platforms);
        Objects.requireNonNull(document, "document");
    }
}
