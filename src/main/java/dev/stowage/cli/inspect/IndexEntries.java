package dev.stowage.cli.inspect;

import dev.stowage.cli.output.Inspection.Entry;
import dev.stowage.image.Digest;
import dev.stowage.image.Printable;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.Index;
import dev.stowage.oci.Manifest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.resolve.ResolvedImage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The entries of an image, as {@code stowage inspect} lists them. */
final class IndexEntries {

    private IndexEntries() {}

    /** The entries of an index, or the one manifest that the image is; the image must have been read. */
    static List<Entry> of(ResolvedImage image) {
        Optional<Index> index = image.index();
        if (index.isEmpty()) {
            return image.document().fold(document -> List.of(single(image, document)), failure -> List.<Entry>of());
        }
        return index.get().entries().stream()
                .map(entry -> entry(entry, index.get()))
                .toList();
    }

    private static Entry single(ResolvedImage image, Document document) {
        return document instanceof Manifest manifest
                ? single(image, manifest)
                : new Entry(
                        "",
                        image.digest().orElseThrow(),
                        OptionalLong.empty(),
                        "artifact",
                        document.mediaType(),
                        "",
                        Optional.empty(),
                        "is a Docker schema 1 manifest, which only CRI-O still converts");
    }

    private static Entry single(ResolvedImage image, Manifest manifest) {
        Optional<String> other = manifest.notAnImage();
        String platform =
                image.config().map(config -> config.platform().toString()).orElse("");
        String remark = other.map(what -> "is " + what + ", not an image")
                .orElse(
                        platform.isEmpty()
                                ? "its config could not be read"
                                : "the platform is its config's; nodes pull a single manifest whatever it is");
        return new Entry(
                platform,
                image.digest().orElseThrow(),
                OptionalLong.empty(),
                other.isPresent() ? "artifact" : "image",
                manifest.mediaType(),
                Printable.of(manifest.artifactType()),
                Optional.empty(),
                remark);
    }

    private static Entry entry(Descriptor entry, Index index) {
        return new Entry(
                entry.platform().map(Platform::toString).orElse(""),
                entry.digest(),
                OptionalLong.of(entry.size()),
                kind(entry),
                Printable.of(entry.mediaType()),
                Printable.of(entry.artifactType()),
                Attestation.isAnnotated(entry) ? Attestation.subject(entry) : Optional.empty(),
                remark(entry, index));
    }

    /** The type that the entry declares; only an attestation needs more than its media types. */
    static String kind(Descriptor entry) {
        if (Attestation.isAnnotated(entry)) {
            return "attestation";
        }
        if (MediaTypes.isIndex(entry.mediaType())) {
            return "index";
        }
        boolean image =
                MediaTypes.isManifest(entry.mediaType()) && entry.artifactType().isEmpty();
        return image ? "image" : "artifact";
    }

    private static String remark(Descriptor entry, Index index) {
        if (Attestation.isMisleading(entry)) {
            return "an attestation that claims a platform: nodes of that platform may pull it as the image";
        }
        if (Attestation.isIgnored(entry)) {
            return Attestation.subject(entry)
                    .map(subject -> "attests " + whose(subject, Optional.of(index)))
                    .orElse("does not name its subject");
        }
        if (entry.platform().map(Platform::isUnknown).orElse(false)) {
            return "no node runs unknown/unknown";
        }
        return "index".equals(kind(entry)) ? "a nested index; CRI-O rejects it" : "";
    }

    /** An image in words: {@code linux/amd64 (sha256:2c26b46b68ff)}, or that it is not in the index. */
    static String whose(Digest subject, Optional<Index> index) {
        return index.stream()
                .flatMap(within -> within.entries().stream())
                .filter(entry -> entry.digest().equals(subject))
                .findFirst()
                .map(IndexEntries::named)
                .orElse(subject.abbreviated() + ", which is not in this index");
    }

    /** An entry in words: {@code linux/amd64 (sha256:2c26b46b68ff)}. */
    static String named(Descriptor entry) {
        return entry.platform().map(Platform::toString).orElse("the entry without platform") + " ("
                + entry.digest().abbreviated() + ")";
    }
}
