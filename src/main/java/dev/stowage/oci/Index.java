package dev.stowage.oci;

import java.util.List;
import java.util.Objects;

/**
 * An OCI image index (image-spec {@code image-index.md}) or a Docker manifest list.
 *
 * @param mediaType the media type that it was served as
 * @param entries its entries in their order, which decides among equals
 */
public record Index(String mediaType, List<Descriptor> entries) implements Document {
    public Index {
        Objects.requireNonNull(mediaType, "mediaType");
        entries = List.copyOf(entries);
    }
}
