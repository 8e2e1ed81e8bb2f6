package dev.stowage.oci;

import dev.stowage.image.Digest;
import dev.stowage.platform.Platform;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A reference to content by digest (image-spec {@code descriptor.md}); an entry of an index, a config or a layer.
 *
 * @param mediaType the type of the content as the descriptor says it; empty when it says none
 * @param digest the content's digest
 * @param size the content's size in bytes as declared; never negative
 * @param platform the platform that an index entry claims; empty when the entry claims none
 * @param artifactType the artifact type, empty when there is none
 * @param annotations those of the descriptor's annotations that count, often none
 */
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        Optional<Platform> platform,
        String artifactType,
        Map<String, String> annotations) {

    /** Says of an entry that its layers are compressed by zstd (CRI-O's preference among equal entries). */
    public static final String ZSTD_ANNOTATION = "io.github.containers.compression.zstd";

    /** Says of a layer that it is the bootstrap of a Nydus image (nydus-snapshotter: pkg/label). */
    static final String NYDUS_ANNOTATION = "containerd.io/snapshot/nydus-bootstrap";

    /** The annotations that are read; all others say nothing about where an image runs. */
    static final Set<String> ANNOTATIONS =
            Set.of(Attestation.TYPE_ANNOTATION, Attestation.SUBJECT_ANNOTATION, ZSTD_ANNOTATION, NYDUS_ANNOTATION);

    public Descriptor {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(platform, "platform");
        Objects.requireNonNull(artifactType, "artifactType");
        annotations = Map.copyOf(annotations);
        if (size < 0) {
            throw new IllegalArgumentException("size is negative: " + size);
        }
    }

    /** A descriptor without platform and annotations. */
    public static Descriptor of(String mediaType, Digest digest, long size) {
        return new Descriptor(mediaType, digest, size, Optional.empty(), "", Map.of());
    }
}
