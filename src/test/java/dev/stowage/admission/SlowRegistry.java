package dev.stowage.admission;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryResult;
import dev.stowage.testing.MemoryRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A registry that answers a request when the test says so, and until then leaves its caller waiting. */
final class SlowRegistry implements Registry {

    final MemoryRegistry shelves = new MemoryRegistry();
    private final List<CompletableFuture<?>> asked = new ArrayList<>();
    private Runnable answerLast;

    List<CompletableFuture<?>> asked() {
        return List.copyOf(asked);
    }

    CompletableFuture<?> last() {
        return asked.get(asked.size() - 1);
    }

    void answerLast() {
        answerLast.run();
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
        return later(shelves.manifest(repository, target, credentials, deadline));
    }

    @Override
    public CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        return later(shelves.digest(repository, tag, credentials, deadline));
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
        return later(shelves.manifest(repository, entry, credentials, deadline));
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> blob(
            Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
        return later(shelves.blob(repository, blob, credentials, deadline));
    }

    private <T> CompletableFuture<RegistryResult<T>> later(CompletableFuture<RegistryResult<T>> known) {
        CompletableFuture<RegistryResult<T>> answer = new CompletableFuture<>();
        asked.add(answer);
        answerLast = () -> answer.complete(known.join());
        return answer;
    }
}
