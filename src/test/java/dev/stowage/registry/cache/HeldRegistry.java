package dev.stowage.registry.cache;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A registry that answers when and what the test says. */
final class HeldRegistry implements Registry {

    private final List<Request<?>> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private int looked;

    /** One request; GET and HEAD as they would go over the wire. */
    record Request<T>(
            String line,
            ReadCredentials access,
            Deadline deadline,
            CompletableFuture<RegistryResult<T>> answer,
            Repository repository) {

        void find(T content) {
            answer.complete(new RegistryResult.Success<>(content));
        }

        void fail(RegistryFailure.Kind kind) {
            fail(kind, Optional.empty());
        }

        void fail(RegistryFailure.Kind kind, Optional<Duration> retryAfter) {
            answer.complete(new RegistryResult.Failure<>(
                    new RegistryFailure(kind, repository.registry(), line, "as the test says", retryAfter)));
        }
    }

    /** The requests since this was last called, as {@code METHOD path:tag} lines. */
    List<String> newRequests() {
        List<String> lines = new ArrayList<>();
        for (; looked < requests.size(); looked++) {
            lines.add(requests.get(looked).line());
        }
        return lines;
    }

    /** Waits for the first request. */
    void awaitRequest() throws InterruptedException {
        asked.await();
    }

    int count() {
        return requests.size();
    }

    /** The last request, for content. */
    @SuppressWarnings("unchecked")
    Request<Content> get() {
        return (Request<Content>) last("GET");
    }

    /** The last request, for a digest. */
    @SuppressWarnings("unchecked")
    Request<Digest> head() {
        return (Request<Digest>) last("HEAD");
    }

    /** The requests that wait for an answer; the others are forgotten. */
    List<Request<?>> open() {
        requests.removeIf(request -> request.answer().isDone());
        looked = 0;
        return List.copyOf(requests);
    }

    /** The last request, whatever it requests. */
    Request<?> last() {
        return requests.get(requests.size() - 1);
    }

    private Request<?> last(String method) {
        Request<?> last = last();
        if (!last.line().startsWith(method)) {
            throw new AssertionError("the last request is " + last.line());
        }
        return last;
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
        return add("GET " + repository.path() + ":" + target, repository, credentials, deadline);
    }

    @Override
    public CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        return add("HEAD " + repository.path() + ":" + tag, repository, credentials, deadline);
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
        return add("GET " + repository.path() + "@" + entry.digest(), repository, credentials, deadline);
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> blob(
            Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
        return add("GET blob " + repository.path() + "@" + blob.digest(), repository, credentials, deadline);
    }

    private <T> CompletableFuture<RegistryResult<T>> add(
            String line, Repository repository, ReadCredentials credentials, Deadline deadline) {
        Request<T> request = new Request<>(line, credentials, deadline, new CompletableFuture<>(), repository);
        requests.add(request);
        asked.countDown();
        return request.answer();
    }
}
