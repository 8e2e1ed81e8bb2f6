package dev.stowage.report;

import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Access;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Content;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.testing.MemoryRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A registry for many threads, whose tags can be moved and which can be down; it remembers nothing and counts what is asked. */
final class OneRegistry implements Registry {

    private final MemoryRegistry memory = new MemoryRegistry();
    private final SampleImages images = new SampleImages(memory);
    private final Map<String, RegistryFailure.Kind> faults = new ConcurrentHashMap<>();

    /** From now on this tag names an index of these platforms, each with an attestation. */
    synchronized Digest push(String tag, String... platforms) {
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
    public synchronized CompletableFuture<Answer<Content>> manifest(
            Repository repository, String target, Access access, Deadline deadline) {
        RegistryFailure.Kind fault = faults.get(target);
        return fault == null
                ? memory.manifest(repository, target, access, deadline)
                        .thenApply(answer -> answer.<Answer<Content>>fold(
                                Answer.Found::new,
                                failure -> new Answer.Failed<>(RegistryFailure.of(
                                        failure.kind(),
                                        repository.registry(),
                                        target,
                                        repository.registry() + " has no " + target))))
                : CompletableFuture.completedFuture(new Answer.Failed<>(
                        RegistryFailure.of(fault, repository.registry(), target, "the registry is down")));
    }

    @Override
    public synchronized CompletableFuture<Answer<Digest>> digest(
            Repository repository, String tag, Access access, Deadline deadline) {
        return manifest(repository, tag, access, deadline)
                .thenApply(answer -> answer.fold(content -> new Answer.Found<>(content.digest()), Answer.Failed::new));
    }

    @Override
    public synchronized CompletableFuture<Answer<Content>> manifest(
            Repository repository, Descriptor entry, Access access, Deadline deadline) {
        return memory.manifest(repository, entry, access, deadline);
    }

    @Override
    public synchronized CompletableFuture<Answer<Content>> blob(
            Repository repository, Descriptor blob, Access access, Deadline deadline) {
        return memory.blob(repository, blob, access, deadline);
    }

    @Override
    public Optional<Content> known(Repository repository, Descriptor content, Access access) {
        return Optional.empty();
    }
}
