package dev.stowage.admission;

import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.registry.Access;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Content;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Registry;
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
    public CompletableFuture<Answer<Content>> manifest(
            Repository repository, String target, Access access, Deadline deadline) {
        return later(shelves.manifest(repository, target, access, deadline));
    }

    @Override
    public CompletableFuture<Answer<Digest>> digest(
            Repository repository, String tag, Access access, Deadline deadline) {
        return later(shelves.digest(repository, tag, access, deadline));
    }

    @Override
    public CompletableFuture<Answer<Content>> manifest(
            Repository repository, Descriptor entry, Access access, Deadline deadline) {
        return later(shelves.manifest(repository, entry, access, deadline));
    }

    @Override
    public CompletableFuture<Answer<Content>> blob(
            Repository repository, Descriptor blob, Access access, Deadline deadline) {
        return later(shelves.blob(repository, blob, access, deadline));
    }

    private <T> CompletableFuture<Answer<T>> later(CompletableFuture<Answer<T>> known) {
        CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
        asked.add(answer);
        answerLast = () -> answer.complete(known.join());
        return answer;
    }
}
