package dev.stowage.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import java.time.Duration;
import java.util.Optional;

/** What tags named when their registry was last contacted, for each identity that asked. */
final class TagCache {

    // objects, references and the cache's own node, on a 64-bit heap; the digest's text
    private static final int OVERHEAD = 360;

    private record Tag(Repository repository, String tag, String identity) {
        static Tag of(Key key) {
            return new Tag(key.repository(), key.target(), key.identity());
        }

        int weight() {
            return OVERHEAD + Key.weight(repository) + tag.length() + identity.length();
        }
    }

    /**
     * What the registry said.
     *
     * @param digest what the tag named; nothing when it was gone, or not to be read
     * @param saidAt when, on the ticker
     */
    record Sighting(Optional<Digest> digest, long saidAt) {}

    private final Cache<Tag, Sighting> sightings;
    private final Ticker ticker;
    private final long tagTtl;

    TagCache(CacheSettings settings, Ticker ticker) {
        this.ticker = ticker;
        this.tagTtl = settings.tagTtl().toNanos();
        sightings = Caffeine.newBuilder()
                .maximumWeight(settings.tagBytes())
                .weigher((Tag tag, Sighting sighting) -> tag.weight())
                .expireAfterWrite(settings.contentTtl())
                .ticker(ticker)
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    /** What was last said to this key's identity or to an anonymous one, whichever is younger, so that answers never go back. */
    Optional<Sighting> newest(Key key) {
        Sighting own = sightings.getIfPresent(Tag.of(key));
        if (key.identity().isEmpty()) {
            return Optional.ofNullable(own);
        }
        Sighting anyone = sightings.getIfPresent(new Tag(key.repository(), key.target(), ""));
        if (own == null || anyone == null) {
            return Optional.ofNullable(own == null ? anyone : own);
        }
        return Optional.of(own.saidAt() - anyone.saidAt() >= 0 ? own : anyone);
    }

    /** How long ago that was. */
    Duration age(Sighting sighting) {
        return Duration.ofNanos(Math.max(0, ticker.read() - sighting.saidAt()));
    }

    /** Whether it is believed without another request. */
    boolean fresh(Sighting sighting) {
        return ticker.read() - sighting.saidAt() < tagTtl;
    }

    void seen(Key key, Digest digest) {
        sightings.put(Tag.of(key), new Sighting(Optional.of(digest), ticker.read()));
    }

    /** Kept as a sighting of its own, so that an older answer, of this or an anonymous identity, does not come back. */
    void gone(Key key) {
        sightings.put(Tag.of(key), new Sighting(Optional.empty(), ticker.read()));
    }

    CacheLoad load() {
        sightings.cleanUp();
        return CacheLoad.of("tags", sightings);
    }
}
