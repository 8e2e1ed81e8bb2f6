package dev.stowage.registry.cache;

import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.cache.CacheObserver.Outcome;
import dev.stowage.registry.cache.CacheObserver.ResourceType;
import dev.stowage.registry.cache.TagCache.Resolution;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads what a tag names. A tag that was seen lately is believed; one that was seen earlier, and whose content is at hand, costs a
 * HEAD request, and a GET only when it has moved. While the registry cannot be reached, the last known good answer stands in, marked
 * stale; not, however, once the registry has said that the tag has moved, is gone, or is not for this identity to read.
 */
final class TagLoader {

    private final Registry origin;
    private final CacheSettings settings;
    private final TagCache tags;
    private final ContentCache contents;
    private final FailureCache failures;
    private final SingleFlight<Content> singleFlight;
    private final SingleFlight<Digest> digestSingleFlight;
    private final CacheObserver observer;

    TagLoader(
            Registry origin,
            CacheSettings settings,
            TagCache tags,
            ContentCache contents,
            FailureCache failures,
            SingleFlight<Content> singleFlight,
            SingleFlight<Digest> digestSingleFlight,
            CacheObserver observer) {
        this.origin = origin;
        this.settings = settings;
        this.tags = tags;
        this.contents = contents;
        this.failures = failures;
        this.singleFlight = singleFlight;
        this.digestSingleFlight = digestSingleFlight;
        this.observer = observer;
    }

    CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        CacheKey key = CacheKey.ofTag(ResourceType.TAG, repository, tag, credentials);
        Optional<RegistryResult<Content>> current = currentContent(key);
        if (current.isPresent()) {
            observer.recordLookup(ResourceType.TAG, Outcome.HIT);
            return CompletableFuture.completedFuture(current.get());
        }
        Optional<RegistryFailure> failure = failures.find(key, deadline);
        if (failure.isPresent()) {
            RegistryResult<Content> answer = fallback(failure.get(), key);
            observer.recordLookup(
                    ResourceType.TAG, answer instanceof RegistryResult.Success ? Outcome.STALE : Outcome.FAILURE);
            return CompletableFuture.completedFuture(answer);
        }
        return singleFlight.join(new ManifestLoad(key, credentials), deadline);
    }

    CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        CacheKey key = CacheKey.ofTag(ResourceType.TAG_DIGEST, repository, tag, credentials);
        Optional<Digest> current = currentDigest(key);
        if (current.isPresent()) {
            observer.recordLookup(ResourceType.TAG_DIGEST, Outcome.HIT);
            return CompletableFuture.completedFuture(new RegistryResult.Success<>(current.get()));
        }
        Optional<RegistryFailure> failure = failures.find(key, deadline);
        if (failure.isPresent()) {
            observer.recordLookup(ResourceType.TAG_DIGEST, Outcome.FAILURE);
            return CompletableFuture.completedFuture(new RegistryResult.Failure<>(failure.get()));
        }
        return digestSingleFlight.join(new DigestLoad(key, credentials), deadline);
    }

    private Optional<Digest> currentDigest(CacheKey key) {
        return tags.newest(key).filter(tags::fresh).flatMap(Resolution::digest);
    }

    private Optional<RegistryResult<Content>> currentContent(CacheKey key) {
        return currentDigest(key).flatMap(digest -> content(key, digest));
    }

    private Optional<RegistryResult<Content>> content(CacheKey key, Digest digest) {
        return contents.findTop(key.repository(), digest, key.identity());
    }

    /** The last known good answer where it may stand in for this failure; else the failure. */
    private RegistryResult<Content> fallback(RegistryFailure failure, CacheKey key) {
        RegistryResult<Content> failed = new RegistryResult.Failure<>(failure);
        if (!isUnreachable(failure)) {
            return failed;
        }
        Optional<Resolution> last =
                tags.newest(key).filter(resolution -> tags.age(resolution).compareTo(settings.staleFor()) <= 0);
        return last.flatMap(Resolution::digest)
                .flatMap(digest -> content(key, digest))
                .map(good -> good.fold(
                        content -> new RegistryResult.Success<>(content.markedStale(tags.age(last.get()), failure)),
                        unlikely -> failed))
                .orElse(failed);
    }

    private static boolean isUnreachable(RegistryFailure failure) {
        return switch (failure.kind()) {
            case UNAVAILABLE, TIMEOUT, RATE_LIMITED -> true;
            case NOT_FOUND, UNAUTHORIZED, FORBIDDEN, INVALID, TOO_LARGE, NOT_AN_IMAGE, REFUSED -> false;
        };
    }

    /** Remembers a failure, and what it says about the tag. */
    private void note(CacheKey key, RegistryFailure failure, Duration granted) {
        failures.note(key, failure, granted);
        switch (failure.kind()) {
            case NOT_FOUND, UNAUTHORIZED, FORBIDDEN -> tags.recordMissing(key);
            case UNAVAILABLE, TIMEOUT, RATE_LIMITED, INVALID, TOO_LARGE, NOT_AN_IMAGE, REFUSED -> {}
        }
    }

    /** Finding out what manifest a tag names. */
    private final class ManifestLoad implements Load<Content> {

        private final CacheKey key;
        private final ReadCredentials credentials;

        ManifestLoad(CacheKey key, ReadCredentials credentials) {
            this.key = key;
            this.credentials = credentials;
        }

        @Override
        public CacheKey key() {
            return key;
        }

        @Override
        public CompletableFuture<RegistryResult<Content>> start(Deadline deadline) {
            Optional<RegistryResult<Content>> there =
                    currentContent(key).or(() -> failures.findAnswered(key).map(failure -> fallback(failure, key)));
            if (there.isPresent()) {
                return CompletableFuture.completedFuture(there.get());
            }
            return tags.newest(key)
                    .flatMap(Resolution::digest)
                    .flatMap(digest -> content(key, digest))
                    .map(held -> held.fold(content -> confirm(content, deadline), failure -> fetch(deadline)))
                    .orElseGet(() -> fetch(deadline));
        }

        /** Checks with a HEAD request whether the tag still has this digest. */
        private CompletableFuture<RegistryResult<Content>> confirm(Content held, Deadline deadline) {
            Duration granted = deadline.remaining();
            return CancellableFutures.then(
                    digest(key.repository(), key.target(), credentials, deadline),
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

        private CompletableFuture<RegistryResult<Content>> fetch(Deadline deadline) {
            Duration granted = deadline.remaining();
            return CancellableFutures.then(
                    origin.manifest(key.repository(), key.target(), credentials, deadline),
                    answer -> CompletableFuture.completedFuture(
                            answer.fold(this::keep, failure -> failed(failure, granted))));
        }

        /** The digest that the tag names now, which also proves that this identity can read it. */
        private RegistryResult<Content> keep(Content content) {
            contents.put(ResourceType.MANIFEST, key.repository(), content, key.identity());
            tags.record(key, content.digest());
            failures.forget(key);
            return new RegistryResult.Success<>(content);
        }

        private RegistryResult<Content> failed(RegistryFailure failure, Duration granted) {
            note(key, failure, granted);
            return fallback(failure, key);
        }

        @Override
        public RegistryResult<Content> deadlineExceeded() {
            return fallback(key.timeout(), key);
        }

        @Override
        public void abandoned(Duration granted) {
            failures.note(key, key.timeout(), granted);
        }
    }

    /** Finding out what digest a tag names. */
    private final class DigestLoad implements Load<Digest> {

        private final CacheKey key;
        private final ReadCredentials credentials;

        DigestLoad(CacheKey key, ReadCredentials credentials) {
            this.key = key;
            this.credentials = credentials;
        }

        @Override
        public CacheKey key() {
            return key;
        }

        @Override
        public CompletableFuture<RegistryResult<Digest>> start(Deadline deadline) {
            Optional<RegistryResult<Digest>> there = currentDigest(key)
                    .<RegistryResult<Digest>>map(RegistryResult.Success::new)
                    .or(() -> failures.findAnswered(key).map(RegistryResult.Failure::new));
            if (there.isPresent()) {
                return CompletableFuture.completedFuture(there.get());
            }
            Duration granted = deadline.remaining();
            return CancellableFutures.then(
                    origin.digest(key.repository(), key.target(), credentials, deadline), answer -> {
                        RegistryResult<Digest> kept = answer.fold(this::keep, failure -> failed(failure, granted));
                        return CompletableFuture.completedFuture(kept);
                    });
        }

        private RegistryResult<Digest> keep(Digest digest) {
            tags.record(key, digest);
            failures.forget(key);
            return new RegistryResult.Success<>(digest);
        }

        private RegistryResult<Digest> failed(RegistryFailure failure, Duration granted) {
            note(key, failure, granted);
            return new RegistryResult.Failure<>(failure);
        }

        @Override
        public RegistryResult<Digest> deadlineExceeded() {
            return new RegistryResult.Failure<>(key.timeout());
        }

        @Override
        public void abandoned(Duration granted) {
            failures.note(key, key.timeout(), granted);
        }
    }
}
