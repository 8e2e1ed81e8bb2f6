package dev.stowage.registry.cache;

import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.registry.Access;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Chain;
import dev.stowage.registry.Content;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.cache.CacheObserver.Outcome;
import dev.stowage.registry.cache.CacheObserver.Thing;
import dev.stowage.registry.cache.TagCache.Sighting;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads what a tag names. A tag that was seen lately is believed; one that was seen earlier, and whose content is at hand, costs a
 * HEAD request, and a GET only when it has moved. While the registry cannot be reached, the last known good answer stands in, marked
 * stale; not, however, once the registry has said that the tag has moved, is gone, or is not for this identity to read.
 */
final class TagReader {

    private final Registry origin;
    private final CacheSettings settings;
    private final TagCache tags;
    private final ContentCache contents;
    private final FailureCache failures;
    private final InFlight<Content> flights;
    private final InFlight<Digest> digestFlights;
    private final CacheObserver observer;

    TagReader(
            Registry origin,
            CacheSettings settings,
            TagCache tags,
            ContentCache contents,
            FailureCache failures,
            InFlight<Content> flights,
            InFlight<Digest> digestFlights,
            CacheObserver observer) {
        this.origin = origin;
        this.settings = settings;
        this.tags = tags;
        this.contents = contents;
        this.failures = failures;
        this.flights = flights;
        this.digestFlights = digestFlights;
        this.observer = observer;
    }

    CompletableFuture<Answer<Content>> manifest(Repository repository, String tag, Access access, Deadline deadline) {
        Key key = Key.ofTag(Thing.TAG, repository, tag, access.identity());
        Optional<Answer<Content>> current = currentContent(key);
        if (current.isPresent()) {
            observer.met(Thing.TAG, Outcome.HIT);
            return CompletableFuture.completedFuture(current.get());
        }
        Optional<RegistryFailure> failure = failures.find(key, deadline);
        if (failure.isPresent()) {
            Answer<Content> answer = insteadOf(failure.get(), key);
            observer.met(Thing.TAG, answer instanceof Answer.Found ? Outcome.STALE : Outcome.FAILURE);
            return CompletableFuture.completedFuture(answer);
        }
        return flights.join(new ManifestErrand(key, access), deadline);
    }

    CompletableFuture<Answer<Digest>> digest(Repository repository, String tag, Access access, Deadline deadline) {
        Key key = Key.ofTag(Thing.TAG_DIGEST, repository, tag, access.identity());
        Optional<Digest> current = currentDigest(key);
        if (current.isPresent()) {
            observer.met(Thing.TAG_DIGEST, Outcome.HIT);
            return CompletableFuture.completedFuture(new Answer.Found<>(current.get()));
        }
        Optional<RegistryFailure> failure = failures.find(key, deadline);
        if (failure.isPresent()) {
            observer.met(Thing.TAG_DIGEST, Outcome.FAILURE);
            return CompletableFuture.completedFuture(new Answer.Failed<>(failure.get()));
        }
        return digestFlights.join(new DigestErrand(key, access), deadline);
    }

    private Optional<Digest> currentDigest(Key key) {
        return tags.newest(key).filter(tags::fresh).flatMap(Sighting::digest);
    }

    private Optional<Answer<Content>> currentContent(Key key) {
        return currentDigest(key).flatMap(digest -> content(key, digest));
    }

    private Optional<Answer<Content>> content(Key key, Digest digest) {
        return contents.find(Thing.MANIFEST, key.repository(), digest, Key.ANY_SIZE, key.identity());
    }

    /** The last known good answer where it may stand in for this failure; else the failure. */
    private Answer<Content> insteadOf(RegistryFailure failure, Key key) {
        Answer<Content> failed = new Answer.Failed<>(failure);
        if (!cannotBeAsked(failure)) {
            return failed;
        }
        Optional<Sighting> last =
                tags.newest(key).filter(sighting -> tags.age(sighting).compareTo(settings.staleFor()) <= 0);
        return last.flatMap(Sighting::digest)
                .flatMap(digest -> content(key, digest))
                .map(good -> good.fold(
                        content -> new Answer.Found<>(content.markedStale(tags.age(last.get()), failure)),
                        unlikely -> failed))
                .orElse(failed);
    }

    private static boolean cannotBeAsked(RegistryFailure failure) {
        return switch (failure.kind()) {
            case UNAVAILABLE, TIMEOUT, RATE_LIMITED -> true;
            case NOT_FOUND, UNAUTHORIZED, FORBIDDEN, INVALID, TOO_LARGE, NOT_AN_IMAGE, REFUSED -> false;
        };
    }

    /** Remembers a failure, and what it says about the tag. */
    private void note(Key key, RegistryFailure failure, Duration granted) {
        failures.note(key, failure, granted);
        switch (failure.kind()) {
            case NOT_FOUND, UNAUTHORIZED, FORBIDDEN -> tags.gone(key);
            case UNAVAILABLE, TIMEOUT, RATE_LIMITED, INVALID, TOO_LARGE, NOT_AN_IMAGE, REFUSED -> {}
        }
    }

    /** Finding out what manifest a tag names. */
    private final class ManifestErrand implements Errand<Content> {

        private final Key key;
        private final Access access;

        ManifestErrand(Key key, Access access) {
            this.key = key;
            this.access = access;
        }

        @Override
        public Key key() {
            return key;
        }

        @Override
        public CompletableFuture<Answer<Content>> start(Deadline deadline) {
            Optional<Answer<Content>> there =
                    currentContent(key).or(() -> failures.findAnswered(key).map(failure -> insteadOf(failure, key)));
            if (there.isPresent()) {
                return CompletableFuture.completedFuture(there.get());
            }
            return tags.newest(key)
                    .flatMap(Sighting::digest)
                    .flatMap(digest -> content(key, digest))
                    .map(held -> held.fold(content -> confirm(content, deadline), failure -> fetch(deadline)))
                    .orElseGet(() -> fetch(deadline));
        }

        /** Asks with a HEAD request whether the tag still names this. */
        private CompletableFuture<Answer<Content>> confirm(Content held, Deadline deadline) {
            Duration granted = deadline.remaining();
            return Chain.then(
                    digest(key.repository(), key.target(), access, deadline),
                    head -> head.fold(
                            digest -> digest.equals(held.digest())
                                    ? CompletableFuture.completedFuture(keep(held))
                                    : fetch(deadline),
                            failure -> switch (failure.kind()) {
                                // the bytes decide, not what a HEAD request says about them
                                case INVALID, TOO_LARGE, NOT_AN_IMAGE -> fetch(deadline);
                                case NOT_FOUND, UNAUTHORIZED, FORBIDDEN, RATE_LIMITED, UNAVAILABLE, TIMEOUT, REFUSED ->
                                    CompletableFuture.completedFuture(failed(failure, granted));
                            }));
        }

        private CompletableFuture<Answer<Content>> fetch(Deadline deadline) {
            Duration granted = deadline.remaining();
            return Chain.then(
                    origin.manifest(key.repository(), key.target(), access, deadline),
                    answer -> CompletableFuture.completedFuture(
                            answer.fold(this::keep, failure -> failed(failure, granted))));
        }

        /** What the tag names now, by the registry's word; which proves as well that this identity can read it. */
        private Answer<Content> keep(Content content) {
            contents.put(Thing.MANIFEST, key.repository(), content, key.identity());
            tags.seen(key, content.digest());
            failures.forget(key);
            return new Answer.Found<>(content);
        }

        private Answer<Content> failed(RegistryFailure failure, Duration granted) {
            note(key, failure, granted);
            return insteadOf(failure, key);
        }

        @Override
        public Answer<Content> late() {
            return insteadOf(key.timeout(), key);
        }

        @Override
        public void abandoned(Duration granted) {
            failures.note(key, key.timeout(), granted);
        }
    }

    /** Finding out what digest a tag names. */
    private final class DigestErrand implements Errand<Digest> {

        private final Key key;
        private final Access access;

        DigestErrand(Key key, Access access) {
            this.key = key;
            this.access = access;
        }

        @Override
        public Key key() {
            return key;
        }

        @Override
        public CompletableFuture<Answer<Digest>> start(Deadline deadline) {
            Optional<Answer<Digest>> there = currentDigest(key)
                    .<Answer<Digest>>map(Answer.Found::new)
                    .or(() -> failures.findAnswered(key).map(Answer.Failed::new));
            if (there.isPresent()) {
                return CompletableFuture.completedFuture(there.get());
            }
            Duration granted = deadline.remaining();
            return Chain.then(origin.digest(key.repository(), key.target(), access, deadline), answer -> {
                Answer<Digest> kept = answer.fold(this::keep, failure -> failed(failure, granted));
                return CompletableFuture.completedFuture(kept);
            });
        }

        private Answer<Digest> keep(Digest digest) {
            tags.seen(key, digest);
            failures.forget(key);
            return new Answer.Found<>(digest);
        }

        private Answer<Digest> failed(RegistryFailure failure, Duration granted) {
            note(key, failure, granted);
            return new Answer.Failed<>(failure);
        }

        @Override
        public Answer<Digest> late() {
            return new Answer.Failed<>(key.timeout());
        }

        @Override
        public void abandoned(Duration granted) {
            failures.note(key, key.timeout(), granted);
        }
    }
}
