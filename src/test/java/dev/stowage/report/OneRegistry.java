package dev.stowage.report;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.testing.MemoryRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A registry for many threads, whose tags can be moved and which can be down; it remembers nothing and counts what is asked. */
public final class OneRegistry implements Registry {

    private final MemoryRegistry memory = new MemoryRegistry();
    private final SampleImages images = new SampleImages(memory);
    private final Map<String, RegistryFailure.Kind> faults = new ConcurrentHashMap<>();

    /** From now on this tag names an index of these platforms, each with an attestation. */
    public synchronized Digest push(String tag, String... platforms) {
        List<Descriptor> entries = new ArrayList<>();
        for (String platform : platforms) {
            Descriptor image = images.image(Platform.parse(platform));
            entries.add(image);
            entries.add(images.attestation(image));
        }
        return images.index(tag, entries.toArray(Descriptor[]::new)).digest();
    }

    /** From now on this tag cannot be had. */
    void fail(String tag, RegistryFailure.Kind kind) {
        faults.put(tag, kind);
    }

    /** The tag can be had again. */
    void heal(String tag) {
        faults.remove(tag);
    }

    /** How many requests for manifests and blobs there were, by tag and digest. */
    synchronized List<String> asked() {
        return memory.asked();
    }

    @Override
    public synchronized CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
        RegistryFailure.Kind fault = faults.get(target);
        return fault == null
                ? memory.manifest(repository, target, credentials, deadline)
                        .thenApply(answer -> answer.<RegistryResult<Content>>fold(
                                RegistryResult.Success::new,
                                failure -> new RegistryResult.Failure<>(RegistryFailure.of(
                                        failure.kind(),
                                        repository.registry(),
                                        target,
                                        repository.registry() + " has no " + target))))
                : CompletableFuture.completedFuture(new RegistryResult.Failure<>(
                        RegistryFailure.of(fault, repository.registry(), target, "the registry is down")));
    }

    @Override
    public synchronized CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        return manifest(repository, tag, credentials, deadline)
                .thenApply(answer -> answer.fold(
                        content -> new RegistryResult.Success<>(content.digest()), RegistryResult.Failure::new));
    }

    @Override
    public synchronized CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
        return memory.manifest(repository, entry, credentials, deadline);
    }

    @Override
    public synchronized CompletableFuture<RegistryResult<Content>> blob(
            Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
        return memory.blob(repository, blob, credentials, deadline);
    }

    @Override
    public Optional<Content> known(Repository repository, Descriptor content, ReadCredentials credentials) {
        return Optional.empty();
    }
}
