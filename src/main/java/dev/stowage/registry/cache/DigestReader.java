package dev.stowage.registry.cache;

import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Chain;
import dev.stowage.registry.Content;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.cache.CacheObserver.Outcome;
import dev.stowage.registry.cache.CacheObserver.Thing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Reads what a digest names: from memory where this identity may have it from there, else by one request. */
final class DigestReader {

    private final ContentCache contents;
    private final FailureCache failures;
    private final InFlight<Content> flights;
    private final CacheObserver observer;

    DigestReader(ContentCache contents, FailureCache failures, InFlight<Content> flights, CacheObserver observer) {
        this.contents = contents;
        this.failures = failures;
        this.flights = flights;
        this.observer = observer;
    }

    /**
     * @param size the size that the content must have, or {@link Key#ANY_SIZE}; content of another size is requested again, so that
     *     the registry client says what is wrong
     * @param request the request, should one be needed
     */
    CompletableFuture<Answer<Content>> read(
            Thing thing,
            Repository repository,
            Digest digest,
            long size,
            String identity,
            Deadline deadline,
            Function<Deadline, CompletableFuture<Answer<Content>>> request) {
        Optional<Answer<Content>> held = contents.find(thing, repository, digest, size, identity);
        if (held.isPresent()) {
            observer.met(thing, Outcome.HIT);
            return CompletableFuture.completedFuture(held.get());
        }
        Key key = new Key(thing, repository, digest.toString(), size, identity);
        Optional<RegistryFailure> failure = failures.find(key, deadline);
        if (failure.isPresent()) {
            observer.met(thing, Outcome.FAILURE);
            return CompletableFuture.completedFuture(new Answer.Failed<>(failure.get()));
        }
        return flights.join(new Fetch(key, digest, request), deadline);
    }

    private final class Fetch implements Errand<Content> {

        private final Key key;
        private final Digest digest;
        private final Function<Deadline, CompletableFuture<Answer<Content>>> request;

        Fetch(Key key, Digest digest, Function<Deadline, CompletableFuture<Answer<Content>>> request) {
            this.key = key;
            this.digest = digest;
            this.request = request;
        }

        @Override
        public Key key() {
            return key;
        }

        @Override
        public CompletableFuture<Answer<Content>> start(Deadline deadline) {
            Optional<Answer<Content>> there = contents.find(
                            key.thing(), key.repository(), digest, key.size(), key.identity())
                    .or(() -> failures.findAnswered(key).map(Answer.Failed::new));
            if (there.isPresent()) {
                return CompletableFuture.completedFuture(there.get());
            }
            Duration granted = deadline.remaining();
            return Chain.then(request.apply(deadline), answer -> {
                answer.fold(this::keep, failure -> note(failure, granted));
                return CompletableFuture.completedFuture(answer);
            });
        }

        private Void keep(Content content) {
            contents.put(key.thing(), key.repository(), content, key.identity());
            failures.forget(key);
            return null;
        }

        private Void note(RegistryFailure failure, Duration granted) {
            failures.note(key, failure, granted);
            return null;
        }

        @Override
        public Answer<Content> late() {
            return new Answer.Failed<>(key.timeout());
        }

        @Override
        public void abandoned(Duration granted) {
            failures.note(key, key.timeout(), granted);
        }
    }
}
