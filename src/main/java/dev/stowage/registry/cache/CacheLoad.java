package dev.stowage.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Policy;

/**
 * What one of the caches contains at this moment, for metrics.
 *
 * @param name which: {@code content}, {@code proofs}, {@code tags} or {@code failures}
 * @param entries how many entries it contains, roughly
 * @param bytes what they weigh
 * @param boundBytes what they may weigh
 * @param hits how many look-ups found an entry, since the start
 * @param misses how many did not; a question may look twice, for its own and for anonymous answers
 * @param evictions how many entries were pushed out or ran out, since the start
 */
public record CacheLoad(
        String name, long entries, long bytes, long boundBytes, long hits, long misses, long evictions) {

    static CacheLoad of(String name, Cache<?, ?> cache) {
        Policy.Eviction<?, ?> bound = cache.policy().eviction().orElseThrow();
        return new CacheLoad(
                name,
                cache.estimatedSize(),
                bound.weightedSize().orElseThrow(),
                bound.getMaximum(),
                cache.stats().hitCount(),
                cache.stats().missCount(),
                cache.stats().evictionCount());
    }
}
