package dev.stowage.registry;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
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
     * The content of this descriptor, when it is known without a request, and so is that these credentials may read it.
     *
     * @return nothing for a registry that keeps nothing
     */
    default Optional<Content> known(Repository repository, Descriptor content, ReadCredentials credentials) {
        return Optional.empty();
    }
}
