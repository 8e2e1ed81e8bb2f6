package dev.stowage.registry.cache;

import dev.stowage.image.Digest;
import java.util.List;
import java.util.Objects;

/**
 * What was known of one image before a restart: the document that its reference named, and what had been read behind it, all as
 * {@linkplain dev.stowage.oci.Abridgement abridgements}.
 *
 * @param readAs who read it, as {@link dev.stowage.registry.Access.Origin#readAs()} says
 * @param digest the digest of the document
 * @param mediaType what it was served as
 * @param text the document, abridged
 * @param parts what had been read behind it
 */
public record Recollection(String readAs, Digest digest, String mediaType, String text, List<Part> parts) {

    public Recollection {
        Objects.requireNonNull(readAs, "readAs");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(text, "text");
        parts = List.copyOf(parts);
    }

    /** What a part is; the two are served by different paths of a registry. */
    public enum Kind {
        /** A manifest that an index names. */
        MANIFEST,
        /** The config of a manifest. */
        CONFIG
    }

    /**
     * One part.
     *
     * @param digest the digest of the part itself
     * @param size its own size
     * @param text the part, abridged
     */
    public record Part(Kind kind, Digest digest, long size, String text) {
        public Part {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(digest, "digest");
            Objects.requireNonNull(text, "text");
        }
    }
}
