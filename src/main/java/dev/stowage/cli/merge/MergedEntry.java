package dev.stowage.cli.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.oci.Descriptor;
import java.util.List;
import java.util.Objects;

/**
 * An image that becomes an entry of the index, with its attestations.
 *
 * @param source the image that it comes from
 * @param descriptor its entry; the platform is set
 * @param json the same as JSON, with all fields that its source's index has
 * @param attestations its attestations in that index
 */
record MergedEntry(ImageReference source, Descriptor descriptor, ObjectNode json, List<Attested> attestations) {

    /** An attestation of the image. */
    record Attested(Descriptor descriptor, ObjectNode json) {
        Attested {
            Objects.requireNonNull(descriptor, "descriptor");
            Objects.requireNonNull(json, "json");
        }
    }

    MergedEntry {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(descriptor, "descriptor");
        Objects.requireNonNull(json, "json");
        attestations = List.copyOf(attestations);
    }

    Digest digest() {
        return descriptor.digest();
    }

    String platform() {
        return descriptor.platform().orElseThrow().toString();
    }
}
