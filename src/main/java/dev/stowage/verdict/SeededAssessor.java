package dev.stowage.verdict;

import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Content;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.cache.CacheObserver.Outcome;
import dev.stowage.registry.cache.CacheObserver.ResourceType;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.verdict.VerdictSeeds.Found;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Assesses from {@link VerdictSeeds} if they contain every requested profile, else by the engine. A seeded verdict is valid for
 * {@code tagTtl}; after that the registry's cache says whether the tag still has the same digest, which costs one HEAD request per
 * {@code tagTtl}. The answer of the cache, which may be as old as {@code tagTtl} itself, restarts only the age for {@code staleFor}. A reference by
 * digest needs no request. While the registry is unavailable, the seed is used up to the age {@code staleFor}, like the last known
 * response of the cache.
 */
public final class SeededAssessor implements Assessor {

    private final Assessor engine;
    private final Registry registry;
    private final VerdictSeeds seeds;
    private final String defaultRegistry;
    private final CacheSettings settings;
    private final CacheObserver observer;

    /**
     * @param engine assesses what no seed contains
     * @param registry resolves tags to digests, and remembers them for {@code tagTtl}
     * @param defaultRegistry the registry of references without one
     * @param settings how long tags are valid
     * @param observer counts lookups that a seed answered
     */
    public SeededAssessor(
            Assessor engine,
            Registry registry,
            VerdictSeeds seeds,
            String defaultRegistry,
            CacheSettings settings,
            CacheObserver observer) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.registry = Objects.requireNonNull(registry, "registry");
        this.seeds = Objects.requireNonNull(seeds, "seeds");
        this.defaultRegistry = Objects.requireNonNull(defaultRegistry, "defaultRegistry");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    /** Whether an assessment came from a seed: its digest is known, its document is not. */
    public static boolean isSeeded(ImageAssessment assessment) {
        return assessment.contents().digest().isPresent()
                && assessment.contents().document().isEmpty();
    }

    /** Seeds belong to namespaces, so without one the engine assesses. */
    @Override
    public CompletableFuture<ImageAssessment> assess(
            String image,
            Purpose purpose,
            Set<NodeProfile> profiles,
            Verification verification,
            Keyring keyring,
            Deadline deadline) {
        return engine.assess(image, purpose, profiles, verification, keyring, deadline);
    }

    @Override
    public CompletableFuture<Boolean> hasDigest(String image, Digest digest, Keyring keyring, Deadline deadline) {
        Optional<ImageReference> parsed = reference(image);
        if (parsed.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        ImageReference reference = parsed.get();
        if (reference.digest().isPresent()) {
            return CompletableFuture.completedFuture(reference.digest().get().equals(digest));
        }
        return CancellableFutures.then(
                CancellableFutures.detached(keyring.credentialsFor(reference.repository(), deadline)),
                answer -> answer.fold(
                        credentials -> registry.digest(
                                        reference.repository(), reference.target(), credentials, deadline)
                                .thenApply(head -> head.fold(digest::equals, failure -> false)),
                        failure -> CompletableFuture.completedFuture(false)));
    }

    @Override
    public Assessor inNamespace(String namespace) {
        if (namespace.isEmpty() || seeds.isEmpty()) {
            return engine;
        }
        return (image, purpose, profiles, verification, keyring, deadline) -> {
            Optional<ImageReference> reference = reference(image);
            Optional<Found> found = reference
                    .flatMap(named -> seeds.find(namespace, named))
                    .filter(known -> known.seed().purpose() == purpose)
                    .filter(known -> known.seed().verdicts().keySet().containsAll(profiles));
            if (found.isEmpty()) {
                return engine.assess(image, purpose, profiles, verification, keyring, deadline);
            }
            Seeded seeded = new Seeded(namespace, reference.get(), found.get(), profiles);
            return seeded.isCurrent()
                    ? CompletableFuture.completedFuture(seeded.answer(Optional.empty()))
                    : CancellableFutures.then(
                            CancellableFutures.detached(
                                    keyring.credentialsFor(reference.get().repository(), deadline)),
                            answer -> answer.fold(
                                    credentials -> seeded.confirm(
                                            credentials,
                                            deadline,
                                            () -> engine.assess(
                                                    image, purpose, profiles, verification, keyring, deadline)),
                                    failure ->
                                            engine.assess(image, purpose, profiles, verification, keyring, deadline)));
        };
    }

    private Optional<ImageReference> reference(String image) {
        try {
            return Optional.of(ImageReference.parse(image, defaultRegistry));
        } catch (InvalidReferenceException e) {
            return Optional.empty();
        }
    }

    /** One image, with the seed that contains its verdicts. */
    private final class Seeded {

        private final String namespace;
        private final ImageReference reference;
        private final Found found;
        private final Set<NodeProfile> profiles;

        Seeded(String namespace, ImageReference reference, Found found, Set<NodeProfile> profiles) {
            this.namespace = namespace;
            this.reference = reference;
            this.found = found;
            this.profiles = profiles;
        }

        boolean isCurrent() {
            return reference.digest().isPresent() || found.sinceCheck().compareTo(settings.tagTtl()) < 0;
        }

        /** Confirms with one HEAD request that the tag still has this digest. */
        CompletableFuture<ImageAssessment> confirm(ReadCredentials credentials, Deadline deadline, Fallback fallback) {
            return CancellableFutures.then(
                    registry.digest(reference.repository(), reference.target(), credentials, deadline),
                    head -> head.fold(
                            digest -> confirmed(digest, fallback), failure -> unconfirmed(failure, fallback)));
        }

        private CompletableFuture<ImageAssessment> confirmed(Digest digest, Fallback fallback) {
            if (!digest.equals(found.seed().digest())) {
                seeds.remove(namespace, reference, found.seed());
                return fallback.assess();
            }
            seeds.confirm(namespace, reference, found.seed());
            return CompletableFuture.completedFuture(answer(Optional.empty()));
        }

        private CompletableFuture<ImageAssessment> unconfirmed(RegistryFailure failure, Fallback fallback) {
            boolean outage =
                    switch (failure.kind()) {
                        case UNAVAILABLE, TIMEOUT, RATE_LIMITED -> true;
                        case NOT_FOUND, UNAUTHORIZED, FORBIDDEN, INVALID, TOO_LARGE, NOT_AN_IMAGE, REFUSED -> false;
                    };
            return outage && found.age().compareTo(settings.staleFor()) <= 0
                    ? CompletableFuture.completedFuture(answer(Optional.of(new Content.Stale(found.age(), failure))))
                    : fallback.assess();
        }

        ImageAssessment answer(Optional<Content.Stale> stale) {
            observer.recordLookup(ResourceType.TAG, stale.isPresent() ? Outcome.STALE : Outcome.SEEDED);
            Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
            for (NodeProfile profile : profiles) {
                Verdict verdict = Objects.requireNonNull(found.seed().verdicts().get(profile));
                verdicts.put(
                        profile,
                        stale.map(old -> VerdictQualifier.aged(verdict, old)).orElse(verdict));
            }
            return new ImageAssessment(reference.toString(), found.seed().contents(), verdicts);
        }
    }

    /** Assesses by the engine. */
    private interface Fallback {
        CompletableFuture<ImageAssessment> assess();
    }
}
