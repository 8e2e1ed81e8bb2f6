package dev.stowage.registry.cache;

import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.cache.CacheObserver.Outcome;
import dev.stowage.registry.cache.CacheObserver.ResourceType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Reads what a digest names: from memory where this identity may have it from there, else by one request. */
final class DigestLoader {

    private final ContentCache contents;
    private final FailureCache failures;
    private final SingleFlight<Content> singleFlight;
    private final CacheObserver observer;

    DigestLoader(
            ContentCache contents, FailureCache failures, SingleFlight<Content> singleFlight, CacheObserver observer) {
        this.contents = contents;
        this.failures = failures;
        this.singleFlight = singleFlight;
        this.observer = observer;
    }

    /**
     * @param size the size that the content must have, or {@link CacheKey#ANY_SIZE}; content of another size is requested again, so that
     *     the registry client says what is wrong
     * @param request the request, should one be needed
     */
    CompletableFuture<RegistryResult<Content>> read(
            ResourceType type,
            Repository repository,
            Digest digest,
            long size,
            ReadCredentials credentials,
            Deadline deadline,
            Function<Deadline, CompletableFuture<RegistryResult<Content>>> request) {
        Optional<RegistryResult<Content>> held = held(type, repository, digest, size, credentials.identity());
        if (held.isPresent()) {
            observer.recordLookup(type, Outcome.HIT);
            return CompletableFuture.completedFuture(held.get());
        }
        CacheKey key = new CacheKey(
                type, repository, digest.toString(), size, credentials.identity(), credentials.namespace());
        Optional<RegistryFailure> failure = failures.find(key, deadline);
        if (failure.isPresent()) {
            observer.recordLookup(type, Outcome.FAILURE);
            return CompletableFuture.completedFuture(new RegistryResult.Failure<>(failure.get()));
        }
        return singleFlight.join(new ContentLoad(key, digest, request), deadline);
    }

    /** Only what a reference names has no size yet. */
    private Optional<RegistryResult<Content>> held(
            ResourceType type, Repository repository, Digest digest, long size, String identity) {
        return size == CacheKey.ANY_SIZE
                ? contents.findTop(repository, digest, identity)
                : contents.find(type, repository, digest, size, identity);
    }

    private final class ContentLoad implements Load<Content> {

        private final CacheKey key;
        private final Digest digest;
        private final Function<Deadline, CompletableFuture<RegistryResult<Content>>> request;

        ContentLoad(
                CacheKey key, Digest digest, Function<Deadline, CompletableFuture<RegistryResult<Content>>> request) {
            this.key = key;
            this.digest = digest;
            this.request = request;
        }

        @Override
        public CacheKey key() {
            return key;
        }

        @Override
        public CompletableFuture<RegistryResult<Content>> start(Deadline deadline) {
            Optional<RegistryResult<Content>> there = held(
                            key.type(), key.repository(), digest, key.size(), key.identity())
                    .or(() -> failures.findAnswered(key).map(RegistryResult.Failure::new));
            if (there.isPresent()) {
                return CompletableFuture.completedFuture(there.get());
            }
            Duration granted = deadline.remaining();
            return CancellableFutures.then(request.apply(deadline), answer -> {
                answer.fold(this::keep, failure -> note(failure, granted));
                return CompletableFuture.completedFuture(answer);
            });
        }

        private Void keep(Content content) {
            contents.put(key.type(), key.repository(), content, key.identity());
            failures.forget(key);
            return null;
        }

        private Void note(RegistryFailure failure, Duration granted) {
            failures.note(key, failure, granted);
            return null;
        }

        @Override
        public RegistryResult<Content> deadlineExceeded() {
            return new RegistryResult.Failure<>(key.timeout());
        }

        @Override
        public void abandoned(Duration granted) {
            failures.note(key, key.timeout(), granted);
        }
    }
}
