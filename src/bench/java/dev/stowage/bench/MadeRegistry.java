package dev.stowage.bench;

import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.registry.Access;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Content;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Registry;
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
    public CompletableFuture<Answer<Content>> manifest(
            Repository repository, String target, Access access, Deadline deadline) {
        MadeImage image = image(repository);
        return found(image.top(), image.topType());
    }

    @Override
    public CompletableFuture<Answer<Digest>> digest(
            Repository repository, String tag, Access access, Deadline deadline) {
        return CompletableFuture.completedFuture(
                new Answer.Found<>(Digest.of(image(repository).top())));
    }

    @Override
    public CompletableFuture<Answer<Content>> manifest(
            Repository repository, Descriptor entry, Access access, Deadline deadline) {
        return found(image(repository).manifests().get(entry.digest().toString()), entry.mediaType());
    }

    @Override
    public CompletableFuture<Answer<Content>> blob(
            Repository repository, Descriptor blob, Access access, Deadline deadline) {
        return found(image(repository).blobs().get(blob.digest().toString()), "application/octet-stream");
    }

    private static CompletableFuture<Answer<Content>> found(byte[] bytes, String type) {
        return CompletableFuture.completedFuture(new Answer.Found<>(new Content(bytes, type, Digest.of(bytes))));
    }
}
