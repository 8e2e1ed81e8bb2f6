package dev.stowage.cli.output;

import dev.stowage.image.Digest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The result of {@code stowage inspect} for an image.
 *
 * @param image the image as written
 * @param reference the reference in full
 * @param digest the digest of the document that it names
 * @param mediaType that document's media type
 * @param kind {@code index}, {@code image} or {@code artifact}
 * @param entries the entries of an index; for a single manifest that manifest
 * @param attestations what attestations say; empty unless requested
 * @param views how clients and nodes handle it; empty unless requested
 * @param buildFlags which flags of the build change that, in sentences; empty unless requested
 */
public record Inspection(
        String image,
        String reference,
        Optional<Digest> digest,
        String mediaType,
        String kind,
        List<Entry> entries,
        Optional<Attestations> attestations,
        List<View> views,
        Optional<String> buildFlags) {

    /**
     * An entry of an index.
     *
     * @param platform the platform as written; empty when it names none
     * @param digest its digest
     * @param size its size in bytes as declared; unknown for a single manifest
     * @param kind {@code image}, {@code attestation}, {@code index} or {@code artifact}
     * @param mediaType its media type
     * @param artifactType its artifact type; empty when it has none
     * @param subject for an attestation the digest of what it is about, when it says so
     * @param remark a remark in words; often empty
     */
    public record Entry(
            String platform,
            Digest digest,
            OptionalLong size,
            String kind,
            String mediaType,
            String artifactType,
            Optional<Digest> subject,
            String remark) {
        public Entry {
            Objects.requireNonNull(platform, "platform");
            Objects.requireNonNull(digest, "digest");
            Objects.requireNonNull(size, "size");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(mediaType, "mediaType");
            Objects.requireNonNull(artifactType, "artifactType");
            Objects.requireNonNull(subject, "subject");
            Objects.requireNonNull(remark, "remark");
        }
    }

    /**
     * How one kind of client or node handles the image.
     *
     * @param who a stable name: {@code docker-cli-20.10}, {@code node linux/arm64}, …
     * @param works whether it can do what it wants to
     * @param says the outcome and, if it does not work, the fix, in sentences
     */
    public record View(String who, boolean works, String says) {
        public View {
            Objects.requireNonNull(who, "who");
            Objects.requireNonNull(says, "says");
        }
    }

    public Inspection {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(kind, "kind");
        entries = List.copyOf(entries);
        Objects.requireNonNull(attestations, "attestations");
        views = List.copyOf(views);
        Objects.requireNonNull(buildFlags, "buildFlags");
    }
}
