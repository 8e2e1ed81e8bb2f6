package dev.stowage.cli.merge;

import dev.stowage.async.Deadline;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.Progress;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.InvalidDocumentException;
import dev.stowage.oci.Manifest;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.push.PushException;
import dev.stowage.registry.push.RegistryWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Copies what an index names into the repository of the target, byte by byte, then pushes the index, and sets the tag last, so that a push
 * that breaks off leaves the tag as it was. What is there is not sent again.
 */
final class MergePush {

    /** All manifests are read before anything is written, and kept until then. */
    private static final long MAX_MANIFESTS = 64L << 20;

    private static final String UNCHANGED = "The tag is as it was.";

    private final Registry registry;
    private final Map<Repository, ReadCredentials> credentials;
    private final RegistryWriter writer;
    private final ImageReference target;
    private final Duration timeout;
    private final Progress progress;
    private final DocumentReader documents = new DocumentReader();
    private final Set<Digest> done = new HashSet<>();
    private int mounted;
    private int uploaded;
    private long bytes;
    private int known;
    private long blobs;

    /** A manifest that the repository does not have. */
    private record Missing(ImageReference source, Descriptor descriptor, Manifest manifest, byte[] content) {
        Stream<Descriptor> blobs() {
            return Stream.concat(Stream.of(manifest.config()), manifest.layers().stream());
        }
    }

    /**
     * @param registry reads the sources
     * @param credentials the credentials to read them with
     * @param target the image to be made
     * @param timeout how long a request may take; one for a large blob takes longer
     */
    MergePush(
            Registry registry,
            Map<Repository, ReadCredentials> credentials,
            RegistryWriter writer,
            ImageReference target,
            Duration timeout,
            Progress progress) {
        this.registry = registry;
        this.credentials = credentials;
        this.writer = writer;
        this.target = target;
        this.timeout = timeout;
        this.progress = progress;
    }

    /**
     * Makes the target.
     *
     * @param judge judges the index as it is in the registry, before it gets the tag; returns a line for people
     * @return what was done, and what the judge says, a line each
     * @throws StoppedException when a step failed; the message says which, and what became of the tag
     */
    String push(MergePlan plan, Supplier<String> judge) {
        String tag = target.tag().orElse("latest");
        try {
            if (writer.digestOf(tag).filter(plan.digest()::equals).isPresent()) {
                return "nothing to do: the tag is this index already\n" + judge.get();
            }
            if (!writer.hasManifest(plan.digest())) {
                copy(missing(plan));
                progress.show("pushing the index");
                writer.put(plan.digest().toString(), plan.mediaType(), plan.bytes());
            }
            String verdict = judge.get();
            setTag(tag, plan);
            return summary() + "\n" + verdict;
        } catch (PushException e) {
            throw failed(e.getMessage(), UNCHANGED);
        } finally {
            progress.end();
        }
    }

    private void setTag(String tag, MergePlan plan) {
        try {
            writer.put(tag, plan.mediaType(), plan.bytes());
        } catch (PushException e) {
            throw failed(
                    e.getMessage(),
                    e.isUnanswered() ? "Whether the tag was set is not known: run the same command again." : UNCHANGED);
        }
        try {
            if (!Digest.of(writer.manifest(tag)).equals(plan.digest())) {
                throw new StoppedException(
                        ExitCode.UNDETERMINED,
                        target
                                + " was pushed, but the tag names another image now: something else pushed it meanwhile");
            }
        } catch (PushException e) {
            throw new StoppedException(
                    ExitCode.UNDETERMINED, target + " was pushed as " + plan.digest() + ", but " + e.getMessage());
        }
    }

    private StoppedException failed(String reason, String tag) {
        return new StoppedException(ExitCode.UNDETERMINED, target + " was not pushed: " + reason + ".\n" + tag);
    }

    private String summary() {
        int all = mounted + uploaded + known;
        return all + (all == 1 ? " blob: " : " blobs: ") + mounted + " mounted from their repositories, " + uploaded
                + " uploaded (" + bytes + " bytes), " + known + " there before";
    }

    private List<Missing> missing(MergePlan plan) {
        List<Missing> missing = new ArrayList<>();
        long left = MAX_MANIFESTS;
        for (MergeSource source : plan.sources()) {
            for (MergedEntry entry : source.entries()) {
                if (done.add(entry.digest()) && !writer.hasManifest(entry.digest())) {
                    Missing read = read(entry);
                    left -= read.content().length;
                    if (left < 0) {
                        throw new StoppedException(
                                ExitCode.DOES_NOT_RUN,
                                "all manifests together are larger than " + MAX_MANIFESTS
                                        + " bytes, which is not pushed");
                    }
                    missing.add(read);
                }
            }
        }
        blobs = missing.stream()
                .flatMap(each -> each.blobs().map(Descriptor::digest))
                .distinct()
                .count();
        return missing;
    }

    private Missing read(MergedEntry entry) {
        ImageReference source = entry.source();
        progress.show("reading " + entry.digest().abbreviated());
        Content content = registry.manifest(
                        source.repository(), entry.descriptor(), credentials(source), Deadline.in(timeout))
                .join()
                .fold(found -> found, failure -> {
                    throw StoppedException.unreadable(source, failure);
                });
        try {
            if (documents.document(content.bytes(), content.contentType()) instanceof Manifest manifest) {
                return new Missing(source, entry.descriptor(), manifest, content.bytes());
            }
            throw refused(entry, "it is not a manifest");
        } catch (InvalidDocumentException e) {
            throw refused(entry, String.valueOf(e.getMessage()));
        }
    }

    private static StoppedException refused(MergedEntry entry, String reason) {
        return new StoppedException(
                ExitCode.DOES_NOT_RUN,
                entry.source() + " cannot be merged: " + entry.digest().abbreviated() + ": " + reason);
    }

    private ReadCredentials credentials(ImageReference source) {
        return credentials.getOrDefault(source.repository(), ReadCredentials.ANONYMOUS);
    }

    private void copy(List<Missing> missing) {
        for (Missing each : missing) {
            each.blobs().filter(blob -> done.add(blob.digest())).forEach(blob -> blob(blob, each.source()));
            writer.put(each.descriptor().digest().toString(), each.descriptor().mediaType(), each.content());
        }
    }

    private void blob(Descriptor blob, ImageReference source) {
        progress.show("copying blob " + (mounted + uploaded + known + 1) + " of " + blobs + ", "
                + blob.digest().abbreviated() + " (" + blob.size() + " bytes)");
        if (writer.hasBlob(blob.digest())) {
            known++;
        } else if (isMountable(source.repository()) && writer.mount(blob.digest(), source.repository())) {
            mounted++;
        } else {
            upload(blob, source);
        }
    }

    private boolean isMountable(Repository source) {
        return source.registry().equals(target.repository().registry()) && !source.equals(target.repository());
    }

    /** By way of a file: what arrives damaged is not sent on, and the upload can be repeated. */
    private void upload(Descriptor blob, ImageReference source) {
        try {
            Path file = Files.createTempFile("stowage-blob", "");
            file.toFile().deleteOnExit();
            try {
                Optional<RegistryFailure> failure = registry.download(
                                source.repository(),
                                blob,
                                file,
                                credentials(source),
                                Deadline.in(timeout.plus(RegistryWriter.timeFor(blob))))
                        .join()
                        .fold(written -> Optional.empty(), Optional::of);
                if (failure.isEmpty()) {
                    writer.upload(blob, file);
                    uploaded++;
                    bytes += blob.size();
                } else if (!isLeftOut(blob, failure.get())) {
                    throw unreadable(source, blob, failure.get());
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw failed("there is no temporary file for a blob: " + e.getMessage(), UNCHANGED);
        }
    }

    /** Windows base layers are at their vendor's, under the URLs in the manifest, and not in the source either. */
    private static boolean isLeftOut(Descriptor blob, RegistryFailure failure) {
        return failure.kind() == RegistryFailure.Kind.NOT_FOUND
                && (blob.mediaType().contains(".nondistributable.")
                        || blob.mediaType().contains(".rootfs.foreign."));
    }

    private StoppedException unreadable(ImageReference source, Descriptor blob, RegistryFailure failure) {
        return failed(
                "reading the blob " + blob.digest() + " of " + source + " failed: " + failure.reason(), UNCHANGED);
    }
}
