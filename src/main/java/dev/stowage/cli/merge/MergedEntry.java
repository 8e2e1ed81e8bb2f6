package dev.stowage.cli.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.oci.Descriptor;
import java.util.Objects;
import java.util.Optional;

/**
 * An entry of the index: an image, or an attestation.
 *
 * @param source the image that it comes from
 * @param descriptor the entry; the platform of an image is set
 * @param json the same as JSON, with all fields that its source's index has
 * @param about for an attestation what it is about, in words; empty for an image
 */
record MergedEntry(ImageReference source, Descriptor descriptor, ObjectNode json, Optional<String> about) {

    MergedEntry {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(descriptor, "descriptor");
        Objects.requireNonNull(json, "json");
        Objects.requireNonNull(about, "about");
    }

    boolean isImage() {
        return about.isEmpty();
    }

    Digest digest() {
        return descriptor.digest();
    }
}
