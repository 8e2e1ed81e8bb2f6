package dev.stowage.registry;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Registries as the engine sees them: documents and blobs by name. All calls return at once; the futures complete by the
 * deadline, never exceptionally, and their callbacks may run on the registry client's threads.
 */
public interface Registry {

    /**
     * The manifest or index that a tag or digest names (distribution-spec, "Pulling manifests").
     *
     * @param repository where it is
     * @param target a tag or a digest, as {@link dev.stowage.image.ImageReference#target()} gives it
     * @param credentials the credentials to read with
     * @param deadline the deadline, after which the result is a failure of kind TIMEOUT
     */
    CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String target, ReadCredentials credentials, Deadline deadline);

    /**
     * The digest of what a tag names now, by a HEAD request, which Docker Hub does not count. Where a registry does not
     * support that (405, no digest header), the manifest is read instead.
     *
     * @param tag the tag
     */
    CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline);

    /**
     * The manifest or index that an entry of an index names; it must have the entry's digest and size.
     *
     * @param entry the entry; its digest is what is requested
     */
    CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline);

    /**
     * A small blob, such as an image's config; it must have the descriptor's digest and size, and at most 8 MiB.
     *
     * @param blob the blob's descriptor
     */
    CompletableFuture<RegistryResult<Content>> blob(
            Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline);

    /**
     * The index of what refers to a manifest as its subject, such as signatures (distribution-spec, "Listing Referrers"); where the registry
     * has no such list, the one under the tag that stands in for it ("Referrers Tag Schema").
     *
     * @param subject the manifest's digest
     * @return a failure of kind NOT_FOUND when nothing refers to it
     */
    default CompletableFuture<RegistryResult<Content>> referrers(
            Repository repository, Digest subject, ReadCredentials credentials, Deadline deadline) {
        return manifest(repository, referrersTag(subject), credentials, deadline);
    }

    /** The tag of the list of referrers, where a registry has no other. */
    static String referrersTag(Digest subject) {
        String hex = subject.hex();
        return subject.algorithm().label() + "-" + hex.substring(0, Math.min(64, hex.length()));
    }

    /**
     * A blob of any size, written to a file; it must have the descriptor's digest and size. The caller bounds the size.
     *
     * @param blob the blob's descriptor
     * @param file the file, which is replaced; what it contains after a failure is not to be used
     */
    default CompletableFuture<RegistryResult<Path>> download(
            Repository repository, Descriptor blob, Path file, ReadCredentials credentials, Deadline deadline) {
        return blob(repository, blob, credentials, deadline)
                .thenApply(result ->
                        result.fold(content -> write(content, repository, blob, file), RegistryResult.Failure::new));
    }

    private static RegistryResult<Path> write(Content content, Repository repository, Descriptor blob, Path file) {
        try {
            return new RegistryResult.Success<>(Files.write(file, content.bytes()));
        } catch (IOException e) {
            return new RegistryResult.Failure<>(RegistryFailure.of(
                    RegistryFailure.Kind.UNAVAILABLE,
                    repository.registry(),
                    repository + "@" + blob.digest(),
                    "cannot write " + file + ": " + e.getMessage()));
        }
    }

    /**
     * The content of this descriptor, when it is known without a request, and so is that these credentials may read it.
     *
     * @return nothing for a registry that keeps nothing
     */
    default Optional<Content> known(Repository repository, Descriptor content, ReadCredentials credentials) {
        return Optional.empty();
    }
}
