package dev.stowage.registry.cache;

/**
 * Is notified of the result of each request to a {@link CachingRegistry}, for metrics. Called on the callers' threads, so it must be quick
 * and must not throw. There are as many series as {@link ResourceType}s times {@link Outcome}s, whatever images are requested.
 */
@FunctionalInterface
public interface CacheObserver {

    /** Does nothing. */
    CacheObserver NONE = (type, outcome) -> {};

    /** The type of the requested object. */
    enum ResourceType {
        /** The manifest that a tag names. */
        TAG("tag"),
        /** The digest that a tag names. */
        TAG_DIGEST("tag_digest"),
        /** A manifest or index by digest. */
        MANIFEST("manifest"),
        /** A blob, by digest. */
        BLOB("blob");

        private final String label;

        ResourceType(String label) {
            this.label = label;
        }

        /** The name in metrics. */
        public String label() {
            return label;
        }
    }

    /** The result of a request to the cache. */
    enum Outcome {
        /** From memory. */
        HIT("hit"),
        /** From memory, with the last known good answer, while the registry cannot be reached. */
        STALE("stale"),
        /** By a verdict that an ImageReport contained before the start. */
        SEEDED("seeded"),
        /** From memory, with a failure that came a moment ago. */
        FAILURE("failure"),
        /** By a request that was already in progress for someone else. */
        SHARED("shared"),
        /** By a new request. */
        MISS("miss");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        /** The name in metrics. */
        public String label() {
            return label;
        }
    }

    /** A request was served. */
    void recordLookup(ResourceType type, Outcome outcome);
}
