package dev.stowage.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import java.time.Duration;
import java.util.Optional;

/** The digests of tags, as of the last contact with their registry, by identity. */
final class TagCache {

    // objects, references and the cache's own node, on a 64-bit heap; the digest's text
    private static final int OVERHEAD = 360;

    private record Tag(Repository repository, String tag, String identity) {
        static Tag of(CacheKey key) {
            return new Tag(key.repository(), key.target(), key.identity());
        }

        int weight() {
            return OVERHEAD + CacheKey.weight(repository) + tag.length() + identity.length();
        }
    }

    /**
     * A response of the registry.
     *
     * @param digest the digest that the tag named; empty if it did not exist or could not be read
     * @param resolvedAt when, on the ticker
     */
    record Resolution(Optional<Digest> digest, long resolvedAt) {}

    private final Cache<Tag, Resolution> resolutions;
    private final Ticker ticker;
    private final long tagTtl;

    TagCache(CacheSettings settings, Ticker ticker) {
        this.ticker = ticker;
        this.tagTtl = settings.tagTtl().toNanos();
        resolutions = Caffeine.newBuilder()
                .maximumWeight(settings.tagBytes())
                .weigher((Tag tag, Resolution resolution) -> tag.weight())
                .expireAfterWrite(settings.contentTtl())
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** The last response to this key's identity or to an anonymous one, whichever is newer, so that responses never go back in time. */
    Optional<Resolution> newest(CacheKey key) {
        Resolution own = resolutions.getIfPresent(Tag.of(key));
        if (key.identity().isEmpty()) {
            return Optional.ofNullable(own);
        }
        Resolution anyone = resolutions.getIfPresent(new Tag(key.repository(), key.target(), ""));
        if (own == null || anyone == null) {
            return Optional.ofNullable(own == null ? anyone : own);
        }
        return Optional.of(own.resolvedAt() - anyone.resolvedAt() >= 0 ? own : anyone);
    }

    /** The age of the response. */
    Duration age(Resolution resolution) {
        return Duration.ofNanos(Math.max(0, ticker.read() - resolution.resolvedAt()));
    }

    /** Whether it is believed without another request. */
    boolean fresh(Resolution resolution) {
        return ticker.read() - resolution.resolvedAt() < tagTtl;
    }

    void record(CacheKey key, Digest digest) {
        resolutions.put(Tag.of(key), new Resolution(Optional.of(digest), ticker.read()));
    }

    /** Kept as a sighting of its own, so that an older answer, of this or an anonymous identity, does not come back. */
    void recordMissing(CacheKey key) {
        resolutions.put(Tag.of(key), new Resolution(Optional.empty(), ticker.read()));
    }

    Cache<?, ?> cache() {
        return resolutions;
    }
}
