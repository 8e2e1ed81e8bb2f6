package dev.stowage.cli.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.async.Deadline;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.image.ImageReference;
import dev.stowage.image.Printable;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.ImageConfig;
import dev.stowage.oci.Index;
import dev.stowage.oci.InvalidDocumentException;
import dev.stowage.oci.Manifest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads the images to be merged, and refuses what does not belong into an index of images. */
final class MergeSourceReader {

    private static final int MAX_ENTRIES = 200;

    private final Registry registry;
    private final DocumentReader documents = new DocumentReader();
    private final ObjectMapper json = new ObjectMapper();

    MergeSourceReader(Registry registry) {
        this.registry = registry;
    }

    /**
     * Reads an image, the manifests in it and their configs.
     *
     * @throws StoppedException when it cannot be merged; the message says why
     */
    MergeSource read(ImageReference reference, ReadCredentials credentials, Deadline deadline) {
        return new Reading(reference, credentials, deadline).read();
    }

    /** One image. */
    private final class Reading {

        private final ImageReference reference;
        private final ReadCredentials credentials;
        private final Deadline deadline;

        Reading(ImageReference reference, ReadCredentials credentials, Deadline deadline) {
            this.reference = reference;
            this.credentials = credentials;
            this.deadline = deadline;
        }

        MergeSource read() {
            Content content =
                    content(registry.manifest(reference.repository(), reference.target(), credentials, deadline));
            Document document = document(content);
            if (document instanceof Index index) {
                return index(index, content);
            }
            if (document instanceof Manifest manifest) {
                Descriptor descriptor = Descriptor.of(manifest.mediaType(), content.digest(), content.bytes().length);
                MergedEntry entry = entry(descriptor, manifest, Optional.empty());
                return new MergeSource(reference, content.digest(), List.of(entry), List.of());
            }
            throw refused("it is a Docker schema 1 manifest, which no index may contain: pull and push it again");
        }

        private MergeSource index(Index index, Content content) {
            List<ObjectNode> raw = entriesOf(content);
            if (raw.size() > MAX_ENTRIES) {
                throw refused("its index has " + raw.size() + " entries; at most " + MAX_ENTRIES + " are merged");
            }
            List<MergedEntry> entries = new ArrayList<>();
            List<String> warnings = new ArrayList<>();
            for (int i = 0; i < raw.size(); i++) {
                Descriptor descriptor = index.entries().get(i);
                entries.add(
                        Attestation.isAnnotated(descriptor)
                                ? attestation(descriptor, raw.get(i), index, warnings)
                                : image(descriptor, raw.get(i)));
            }
            if (entries.stream().noneMatch(MergedEntry::isImage)) {
                throw refused("its index contains no image");
            }
            return new MergeSource(reference, content.digest(), entries, warnings);
        }

        private List<ObjectNode> entriesOf(Content content) {
            List<ObjectNode> entries = new ArrayList<>();
            try {
                for (JsonNode entry : json.readTree(content.bytes()).path("manifests")) {
                    entries.add((ObjectNode) entry);
                }
            } catch (IOException e) {
                throw refused("its index is not valid JSON");
            }
            return entries;
        }

        private MergedEntry attestation(Descriptor descriptor, ObjectNode raw, Index index, List<String> warnings) {
            if (Attestation.isMisleading(descriptor)) {
                throw refused("its attestation " + descriptor.digest().abbreviated() + " claims the platform "
                        + descriptor.platform().orElseThrow()
                        + ", and nodes of that platform may pull it as the image: build it again");
            }
            Optional<Descriptor> subject = Attestation.subject(descriptor).flatMap(digest -> index.entries().stream()
                    .filter(other -> other.digest().equals(digest))
                    .findFirst());
            if (subject.isEmpty()) {
                warnings.add("attestation " + descriptor.digest().abbreviated() + " of " + reference
                        + " has lost its subject: the image that it is about is not in that index");
            }
            String about = subject.map(this::named).orElse("an image that is not here");
            return new MergedEntry(
                    reference, descriptor, IndexJson.entry(descriptor, Optional.of(raw)), Optional.of(about));
        }

        private MergedEntry image(Descriptor descriptor, ObjectNode raw) {
            if (MediaTypes.isIndex(descriptor.mediaType())) {
                throw refused(named(descriptor)
                        + " is a nested index, which CRI-O and others do not read: name the images" + " in it instead");
            }
            Document document =
                    document(content(registry.manifest(reference.repository(), descriptor, credentials, deadline)));
            if (!(document instanceof Manifest manifest)) {
                throw refused(named(descriptor) + " is not an image manifest");
            }
            return entry(descriptor, manifest, Optional.of(raw));
        }

        private MergedEntry entry(Descriptor descriptor, Manifest manifest, Optional<ObjectNode> raw) {
            manifest.notAnImage().ifPresent(other -> {
                throw refused(named(descriptor) + " is " + other + ", not an image");
            });
            Platform platform = platform(descriptor, manifest);
            Descriptor complete = new Descriptor(
                    manifest.mediaType(),
                    descriptor.digest(),
                    descriptor.size(),
                    Optional.of(platform),
                    descriptor.artifactType(),
                    descriptor.annotations());
            return new MergedEntry(reference, complete, IndexJson.entry(complete, raw), Optional.empty());
        }

        /** That of the entry, if the config agrees; else that of the config. */
        private Platform platform(Descriptor descriptor, Manifest manifest) {
            Content content = content(registry.blob(reference.repository(), manifest.config(), credentials, deadline));
            ImageConfig config;
            try {
                config = documents.config(content.bytes());
            } catch (InvalidDocumentException e) {
                throw refused("the config of " + named(descriptor) + " cannot be read: " + e.getMessage());
            }
            Platform own = config.platform();
            if (own.os().isEmpty() || own.architecture().isEmpty() || own.isUnknown()) {
                throw refused("the config of " + named(descriptor) + " names no platform (" + own + ")");
            }
            Optional<Platform> declared = descriptor.platform();
            if (declared.isPresent() && !agree(declared.get().normalized(), own.normalized())) {
                throw refused(named(descriptor) + " is listed as " + declared.get() + ", but its config says " + own
                        + ": nodes would pull an image that they cannot run");
            }
            return declared.orElse(own);
        }

        /** A variant that only one of them names is no contradiction. */
        private static boolean agree(Platform declared, Platform own) {
            boolean variants = declared.variant().isEmpty()
                    || own.variant().isEmpty()
                    || declared.variant().equals(own.variant());
            return declared.os().equals(own.os()) && declared.architecture().equals(own.architecture()) && variants;
        }

        private String named(Descriptor descriptor) {
            return descriptor
                            .platform()
                            .map(platform -> Printable.of(platform.toString()) + " ")
                            .orElse("")
                    + descriptor.digest().abbreviated();
        }

        private Document document(Content content) {
            try {
                return documents.document(content.bytes(), content.contentType());
            } catch (InvalidDocumentException e) {
                throw refused(e.getMessage());
            }
        }

        private Content content(CompletableFuture<RegistryResult<Content>> read) {
            return read.join().fold(found -> found, failure -> {
                throw StoppedException.unreadable(reference, failure);
            });
        }

        private StoppedException refused(String reason) {
            return new StoppedException(ExitCode.DOES_NOT_RUN, reference + " cannot be merged: " + reason);
        }
    }
}
