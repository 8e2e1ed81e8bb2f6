package dev.stowage.registry.cache;

import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Access;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Chain;
import dev.stowage.registry.Content;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.cache.CacheObserver.Outcome;
import dev.stowage.registry.cache.CacheObserver.Thing;
import dev.stowage.registry.cache.CachingRegistry.Word;
import dev.stowage.registry.cache.Recollection.Kind;
import dev.stowage.registry.cache.Recollections.Recalled;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Answers with what was known before a restart, as the cache behind it would if it had read that itself at that time: a tag is
 * believed within {@code tagTtl}, later confirmed with a HEAD request, and stands in for a registry that cannot be asked up to the age
 * {@code staleFor}. What the registry has said since the start always counts for more. Nothing recalled ever enters the cache, which
 * others share.
 */
public final class RecallingRegistry implements Registry {

    private final CachingRegistry cache;
    private final Recollections recollections;
    private final CacheSettings settings;
    private final CacheObserver observer;

    /**
     * In front of a cache.
     *
     * @param recollections what was known
     * @param settings the cache's
     * @param observer is told of each question that was met from there
     */
    public RecallingRegistry(
            CachingRegistry cache, Recollections recollections, CacheSettings settings, CacheObserver observer) {
        this.cache = Objects.requireNonNull(cache, "cache");
        this.recollections = Objects.requireNonNull(recollections, "recollections");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    /**
     * What is in memory of a reference.
     *
     * @param content the document, perhaps abridged
     * @param age how long ago the registry last said that it is this; never negative
     */
    public record Seen(Content content, Duration age) {}

    /** What is in memory of this tag or digest, for this access, however old; no registry is asked. */
    public Optional<Seen> seen(Repository repository, String target, Access access) {
        Optional<Digest> digest = Digest.parse(target);
        Optional<Recalled> recalled = recollections.find(repository, target, access);
        if (digest.isPresent()) {
            return cache.held(repository, digest.get(), access)
                    .flatMap(content ->
                            cache.readAgo(repository, digest.get(), access).map(age -> new Seen(content, age)))
                    .or(() -> recalled.map(known -> new Seen(known.content(), known.age())));
        }
        Optional<Word> word = cache.lastWord(repository, target, access);
        Optional<Content> held = word.flatMap(Word::digest).flatMap(named -> cache.held(repository, named, access));
        if (held.isPresent()) {
            return Optional.of(new Seen(held.get(), word.get().age()));
        }
        return recalled.filter(known -> !contradicts(word, known))
                .map(known -> new Seen(known.content(), age(word, known)));
    }

    /** Whether the registry has said something else since. */
    private static boolean contradicts(Optional<Word> word, Recalled known) {
        return word.filter(said -> isYounger(said, known)
                        && !said.digest().equals(Optional.of(known.content().digest())))
                .isPresent();
    }

    /** How long ago the registry last said what is recalled. */
    private static Duration age(Optional<Word> word, Recalled known) {
        return word.filter(said -> isYounger(said, known)).map(Word::age).orElse(known.age());
    }

    private static boolean isYounger(Word word, Recalled known) {
        return word.age().compareTo(known.age()) <= 0;
    }

    @Override
    public CompletableFuture<Answer<Content>> manifest(
            Repository repository, String target, Access access, Deadline deadline) {
        Optional<Recalled> recalled = recollections.find(repository, target, access);
        if (recalled.isEmpty()) {
            return cache.manifest(repository, target, access, deadline);
        }
        Content content = recalled.get().content();
        boolean held = cache.held(repository, content.digest(), access).isPresent();
        if (Digest.parse(target).isPresent()) {
            return held ? cache.manifest(repository, target, access, deadline) : recalled(Thing.MANIFEST, content);
        }
        Optional<Word> word = cache.lastWord(repository, target, access);
        boolean ownKnowledge = held
                && word.flatMap(Word::digest).filter(content.digest()::equals).isPresent();
        if (ownKnowledge || contradicts(word, recalled.get())) {
            return cache.manifest(repository, target, access, deadline);
        }
        Duration age = age(word, recalled.get());
        return age.compareTo(settings.tagTtl()) < 0
                ? recalled(Thing.TAG, content)
                : confirm(repository, target, content, age, access, deadline);
    }

    /** Asks with a HEAD request whether the tag still names this. */
    private CompletableFuture<Answer<Content>> confirm(
            Repository repository, String tag, Content content, Duration age, Access access, Deadline deadline) {
        return Chain.then(
                cache.digest(repository, tag, access, deadline),
                head -> head.fold(
                        digest -> digest.equals(content.digest())
                                ? recalled(Thing.TAG, content)
                                : cache.manifest(repository, tag, access, deadline),
                        failure -> switch (failure.kind()) {
                            // the bytes decide, not what a HEAD request says about them
                            case INVALID, TOO_LARGE, NOT_AN_IMAGE -> cache.manifest(repository, tag, access, deadline);
                            case UNAVAILABLE, TIMEOUT, RATE_LIMITED ->
                                age.compareTo(settings.staleFor()) <= 0
                                        ? recalled(Thing.TAG, content.markedStale(age, failure))
                                        : failed(failure);
                            case NOT_FOUND, UNAUTHORIZED, FORBIDDEN, REFUSED -> failed(failure);
                        }));
    }

    private CompletableFuture<Answer<Content>> recalled(Thing thing, Content content) {
        observer.met(thing, content.stale().isPresent() ? Outcome.STALE : Outcome.RECALLED);
        return CompletableFuture.completedFuture(new Answer.Found<>(content));
    }

    private static CompletableFuture<Answer<Content>> failed(RegistryFailure failure) {
        return CompletableFuture.completedFuture(new Answer.Failed<>(failure));
    }

    @Override
    public CompletableFuture<Answer<Digest>> digest(
            Repository repository, String tag, Access access, Deadline deadline) {
        return cache.digest(repository, tag, access, deadline);
    }

    @Override
    public CompletableFuture<Answer<Content>> manifest(
            Repository repository, Descriptor entry, Access access, Deadline deadline) {
        Optional<Content> part = part(repository, Kind.MANIFEST, entry, access);
        return part.isPresent() && cache.known(repository, entry, access).isEmpty()
                ? recalled(Thing.MANIFEST, part.get())
                : cache.manifest(repository, entry, access, deadline);
    }

    @Override
    public CompletableFuture<Answer<Content>> blob(
            Repository repository, Descriptor blob, Access access, Deadline deadline) {
        Optional<Content> part = part(repository, Kind.CONFIG, blob, access);
        return part.isPresent() && cache.known(repository, blob, access).isEmpty()
                ? recalled(Thing.BLOB, part.get())
                : cache.blob(repository, blob, access, deadline);
    }

    @Override
    public Optional<Content> known(Repository repository, Descriptor content, Access access) {
        Kind kind = MediaTypes.isManifest(content.mediaType()) ? Kind.MANIFEST : Kind.CONFIG;
        return cache.known(repository, content, access).or(() -> part(repository, kind, content, access));
    }

    private Optional<Content> part(Repository repository, Kind kind, Descriptor named, Access access) {
        return recollections.part(repository, kind, named.digest(), named.size(), access);
    }

    /** What is in memory, and nothing else: no registry is ever asked. */
    public Registry inMemory() {
        return new InMemory();
    }

    private final class InMemory implements Registry {

        @Override
        public CompletableFuture<Answer<Content>> manifest(
                Repository repository, String target, Access access, Deadline deadline) {
            return answer(seen(repository, target, access).map(Seen::content), repository, target);
        }

        @Override
        public CompletableFuture<Answer<Digest>> digest(
                Repository repository, String tag, Access access, Deadline deadline) {
            return answer(
                    seen(repository, tag, access).map(seen -> seen.content().digest()), repository, tag);
        }

        @Override
        public CompletableFuture<Answer<Content>> manifest(
                Repository repository, Descriptor entry, Access access, Deadline deadline) {
            return answer(
                    known(repository, entry, access), repository, entry.digest().toString());
        }

        @Override
        public CompletableFuture<Answer<Content>> blob(
                Repository repository, Descriptor blob, Access access, Deadline deadline) {
            return answer(
                    known(repository, blob, access), repository, blob.digest().toString());
        }

        @Override
        public Optional<Content> known(Repository repository, Descriptor content, Access access) {
            return RecallingRegistry.this.known(repository, content, access);
        }

        private <T> CompletableFuture<Answer<T>> answer(Optional<T> there, Repository repository, String target) {
            return CompletableFuture.completedFuture(there.<Answer<T>>map(Answer.Found::new)
                    .orElseGet(() -> new Answer.Failed<>(RegistryFailure.of(
                            RegistryFailure.Kind.UNAVAILABLE,
                            repository.registry(),
                            repository.path() + " " + target,
                            "it is not in memory"))));
        }
    }
}
