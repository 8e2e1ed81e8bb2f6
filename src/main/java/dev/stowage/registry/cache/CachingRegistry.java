package dev.stowage.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.cache.CacheObserver.ResourceType;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A registry with a cache.
 *
 * <ul>
 *   <li><b>By digest</b>: what a digest names never changes, so it is kept until its room is needed.
 *   <li><b>By tag</b>: believed for {@code tagTtl}, then checked with a HEAD request, and read again only if it has moved.
 *       While the registry cannot be reached (Unavailable, Timeout, RateLimited), the last known good answer stands in up to the age
 *       {@code staleFor}, with {@link Content#stale()} saying so. NotFound, Unauthorized and Forbidden are answers, not outages.
 *   <li><b>Failures</b> are remembered briefly. A Timeout is remembered only for callers with no more time than was given then.
 *   <li><b>Requests in progress</b> are shared: one for a repository, target, identity and namespace, however many wait. Each caller's future may
 *       be cancelled without harm to others; when nobody waits any more, the request is cancelled.
 *   <li><b>Tenancy</b>: what one identity read is shared with that identity alone, and what was read anonymously with everyone.
 *       Failures are of one identity and namespace.
 * </ul>
 *
 * <p>When the answer is in memory, the returned future is already complete. All methods may be called by any thread.
 */
public final class CachingRegistry implements Registry {

    private final Registry origin;
    private final ContentCache contents;
    private final TagCache tags;
    private final FailureCache failures;
    private final SingleFlight<Content> singleFlight;
    private final SingleFlight<Digest> digestSingleFlight;
    private final DigestLoader byDigest;
    private final TagLoader byTag;

    /**
     * A cache in front of a registry.
     *
     * @param origin the registry behind the cache; its futures are cancelled when nobody waits for them any more
     * @param settings sizes and times
     * @param ticker measures times, such as {@link Ticker#systemTicker()}
     * @param observer is notified of the result of each request
     */
    public CachingRegistry(Registry origin, CacheSettings settings, Ticker ticker, CacheObserver observer) {
        this.origin = Objects.requireNonNull(origin, "origin");
        contents = new ContentCache(settings, ticker);
        tags = new TagCache(settings, ticker);
        failures = new FailureCache(settings, ticker);
        singleFlight = new SingleFlight<>(settings.patience(), observer);
        digestSingleFlight = new SingleFlight<>(settings.patience(), observer);
        byDigest = new DigestLoader(contents, failures, singleFlight, observer);
        byTag = new TagLoader(origin, settings, tags, contents, failures, singleFlight, digestSingleFlight, observer);
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
        Optional<Digest> digest = Digest.parse(target);
        if (digest.isEmpty()) {
            return byTag.manifest(repository, target, credentials, deadline);
        }
        return byDigest.read(
                ResourceType.MANIFEST,
                repository,
                digest.get(),
                CacheKey.ANY_SIZE,
                credentials,
                deadline,
                until -> origin.manifest(repository, target, credentials, until));
    }

    /** Not kept: it changes with every signature. */
    @Override
    public CompletableFuture<RegistryResult<Content>> referrers(
            Repository repository, Digest subject, ReadCredentials credentials, Deadline deadline) {
        return origin.referrers(repository, subject, credentials, deadline);
    }

    /** Not kept: it may be large, and is read once. */
    @Override
    public CompletableFuture<RegistryResult<Path>> download(
            Repository repository, Descriptor blob, Path file, ReadCredentials credentials, Deadline deadline) {
        return origin.download(repository, blob, file, credentials, deadline);
    }

    /** Within {@code tagTtl} from memory. A failure is answered as it is, never with a stale digest. */
    @Override
    public CompletableFuture<RegistryResult<Digest>> digest(
            Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
        return byTag.digest(repository, tag, credentials, deadline);
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> manifest(
            Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
        return byDigest.read(
                ResourceType.MANIFEST,
                repository,
                entry.digest(),
                entry.size(),
                credentials,
                deadline,
                until -> origin.manifest(repository, entry, credentials, until));
    }

    @Override
    public CompletableFuture<RegistryResult<Content>> blob(
            Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
        return byDigest.read(
                ResourceType.BLOB,
                repository,
                blob.digest(),
                blob.size(),
                credentials,
                deadline,
                until -> origin.blob(repository, blob, credentials, until));
    }

    @Override
    public Optional<Content> known(Repository repository, Descriptor content, ReadCredentials credentials) {
        String identity = credentials.identity();
        String mediaType = content.mediaType();
        boolean document = MediaTypes.isIndex(mediaType) || MediaTypes.isManifest(mediaType);
        Optional<RegistryResult<Content>> held = Optional.empty();
        if (!MediaTypes.isImageConfig(mediaType)) {
            held = find(ResourceType.MANIFEST, repository, content, identity);
        }
        if (held.isEmpty() && !document) {
            held = find(ResourceType.BLOB, repository, content, identity);
        }
        return held.flatMap(answer -> answer.fold(Optional::of, failure -> Optional.empty()));
    }

    private Optional<RegistryResult<Content>> find(
            ResourceType type, Repository repository, Descriptor content, String identity) {
        return contents.find(type, repository, content.digest(), content.size(), identity);
    }

    /** Content, access proofs, tags and failures, in this order. */
    List<Cache<?, ?>> caches() {
        return Stream.concat(contents.caches(), Stream.of(tags.cache(), failures.cache()))
                .toList();
    }

    /** The number of requests in progress, for metrics. */
    public int inFlight() {
        return singleFlight.size() + digestSingleFlight.size();
    }
}
