package dev.stowage.cli.merge;

import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import java.util.List;
import java.util.Objects;

/**
 * An image to be merged, as it was read.
 *
 * @param reference the image as written
 * @param digest the digest of what the reference names
 * @param entries what the index gets of it, in its order
 * @param warnings what is remarkable about it, in words
 */
record MergeSource(ImageReference reference, Digest digest, List<MergedEntry> entries, List<String> warnings) {

    MergeSource {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(digest, "digest");
        entries = List.copyOf(entries);
        warnings = List.copyOf(warnings);
    }

    /** The same by its digest, so that a tag that moves meanwhile does no harm. */
    String pinned() {
        return reference.repository() + "@" + digest;
    }
}
