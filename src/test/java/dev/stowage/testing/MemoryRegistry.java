package dev.stowage.testing;

import dev.stowage.async.Deadline;
import dev.stowage.demo.ImageStore;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A registry without network, for tests of the engine: one repository's content, served as a well-behaved client would read it. */
public final class MemoryRegistry implements Registry, ImageStore {

    private final Map<String, Content> manifests = new HashMap<>();
    private final Map<String, Content> blobs = new HashMap<>();
    private final Map<String, RegistryFailure.Kind> failures = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    @Override
    public Digest putBlob(byte[] content) {
        Digest digest = Digest.of(content);
        blobs.put(digest.toString(), new Content(content, "application/octet-stream", digest));
        return digest;
    }

    @Override
    public Digest putManifest(String tag, String mediaType, byte[] content) {
        Content stored = new Content(content, mediaType, Digest.of(content));
        manifests.put(stored.digest().toString(), stored);
        if (tag != null) {
            manifests.put(tag, stored);
        }
        return stored.digest();
    }

    /** From now on this tag or digest cannot be had, for this reason. */
    public void fail(String target, RegistryFailure.Kind kind) {
        failures.put(target, kind);
    }

    /** The tags and digests that were requested, in order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
        return answer(manifests, target, repository);
    }

    @Override
    public CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        return answer(manifests, tag, repository)
                .thenApply(answer -> answer.fold(
                        content -> new RegistryResult.Success<>(content.digest()), RegistryResult.Failure::new));
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
        return checked(entry, answer(manifests, entry.digest().toString(), repository), repository);
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> blob(
            Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
        return checked(blob, answer(blobs, blob.digest().toString(), repository), repository);
    }

    private CompletableFuture<RegistryResult<Content>> answer(
            Map<String, Content> where, String target, Repository repository) {
        asked.add(target);
        if (failures.containsKey(target)) {
            return failed(failures.get(target), target, repository);
        }
        Content content = where.get(target);
        return content == null
                ? failed(RegistryFailure.Kind.NOT_FOUND, target, repository)
                : CompletableFuture.completedFuture(new RegistryResult.Success<>(content));
    }

    private CompletableFuture<RegistryResult<Content>> checked(
            Descriptor descriptor, CompletableFuture<RegistryResult<Content>> answer, Repository repository) {
        return answer.thenCompose(found -> found.fold(
                content -> content.bytes().length == descriptor.size()
                        ? answer
                        : failed(
                                RegistryFailure.Kind.INVALID,
                                descriptor.digest().toString(),
                                repository),
                failure -> answer));
    }

    private static CompletableFuture<RegistryResult<Content>> failed(
            RegistryFailure.Kind kind, String target, Repository repository) {
        RegistryFailure failure = RegistryFailure.of(
                kind, repository.registry(), repository.path() + ":" + target, "memory registry: " + kind.label());
        return CompletableFuture.completedFuture(new RegistryResult.Failure<>(failure));
    }
}
