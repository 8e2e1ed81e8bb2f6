package dev.stowage.registry.cache;

/**
 * Is told how each question to a {@link CachingRegistry} was met, for metrics. Called on the callers' threads, so it must be quick
 * and must not throw. There are as many series as {@link Thing}s times {@link Outcome}s, whatever images are asked for.
 */
@FunctionalInterface
public interface CacheObserver {

    /** Tells nobody. */
    CacheObserver NONE = (thing, outcome) -> {};

    /** What was asked for. */
    enum Thing {
        /** The manifest that a tag names. */
        TAG("tag"),
        /** The digest that a tag names. */
        TAG_DIGEST("tag_digest"),
        /** A manifest or index by digest. */
        MANIFEST("manifest"),
        /** A blob, by digest. */
        BLOB("blob");

        private final String label;

        Thing(String label) {
            this.label = label;
        }

        /** The name in metrics. */
        public String label() {
            return label;
        }
    }

    /** How the question was met. */
    enum Outcome {
        /** From memory. */
        HIT("hit"),
        /** From memory, with the last known good answer, while the registry cannot be asked. */
        STALE("stale"),
        /** By a verdict that an ImageReport held before the start. */
        SEEDED("seeded"),
        /** From memory, with a failure that came a moment ago. */
        FAILURE("failure"),
        /** By a request that was already under way for someone else. */
        SHARED("shared"),
        /** By a new request. */
        ASKED("asked");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        /** The name in metrics. */
        public String label() {
            return label;
        }
    }

    /** A question was met. */
    void met(Thing thing, Outcome outcome);
}
