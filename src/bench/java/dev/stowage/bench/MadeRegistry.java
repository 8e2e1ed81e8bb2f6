package dev.stowage.bench;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A registry without network that holds an index for every repository, and answers at once. */
final class MadeRegistry implements Registry {

    private final Map<String, MadeImage> images = new ConcurrentHashMap<>();
    private final int entries;

    /** @param entries how many entries each index has */
    MadeRegistry(int entries) {
        this.entries = entries;
    }

    private MadeImage image(Repository repository) {
        return images.computeIfAbsent(repository.path(), path -> MadeImage.index(path, entries));
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
        MadeImage image = image(repository);
        return found(image.top(), image.topType());
    }

    @Override
    public CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        return CompletableFuture.completedFuture(
                new RegistryResult.Success<>(Digest.of(image(repository).top())));
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
        return found(image(repository).manifests().get(entry.digest().toString()), entry.mediaType());
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> blob(
            Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
        return found(image(repository).blobs().get(blob.digest().toString()), "application/octet-stream");
    }

    private static CompletableFuture<RegistryResult<Content>> found(byte[] bytes, String type) {
        return CompletableFuture.completedFuture(
                new RegistryResult.Success<>(new Content(bytes, type, Digest.of(bytes))));
    }
}
