package dev.stowage.verdict;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.ImageReference;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * {@link VerdictSeed}s by namespace and image; a seed is never found from another namespace. Bounded by weight. All methods may
 * be called by any thread.
 */
public final class VerdictSeeds {

    /** Reports are scanned in full at least once a day; older verdicts are not used. */
    static final Duration LONGEST = Duration.ofHours(26);

    private static final long BYTES = 32L << 20;

    // objects, references and the cache's own node, on a 64-bit heap
    private static final int OVERHEAD = 600;
    private static final int VERDICT_OVERHEAD = 200;

    private record Key(String namespace, String image) {
        static Key of(String namespace, ImageReference reference) {
            return new Key(namespace, reference.canonical());
        }
    }

    /**
     * @param checkedAt when the image was last checked in full, on the ticker
     * @param confirmedAt when the registry last confirmed the digest, on the ticker
     */
    private record Entry(VerdictSeed seed, long checkedAt, long confirmedAt) {}

    /**
     * A seed that was found.
     *
     * @param sinceCheck the time since the image was last checked in full; never negative
     * @param age the time since the registry last confirmed the digest; never negative
     */
    record Found(VerdictSeed seed, Duration sinceCheck, Duration age) {}

    private final Cache<Key, Entry> entries;
    private final Ticker ticker;
    private volatile boolean empty = true;

    /** @param ticker what ages are measured by */
    public VerdictSeeds(Ticker ticker) {
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.entries = Caffeine.newBuilder()
                .maximumWeight(BYTES)
                .weigher(VerdictSeeds::weight)
                .expireAfterWrite(LONGEST)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    private static int weight(Key key, Entry entry) {
        int messages = entry.seed().verdicts().values().stream()
                .mapToInt(verdict -> VERDICT_OVERHEAD + verdict.message().length())
                .sum();
        int platforms = VERDICT_OVERHEAD * entry.seed().contents().platforms().size();
        return OVERHEAD + key.namespace().length() + key.image().length() + messages + platforms;
    }

    /**
     * Adds a seed. Of two seeds for one image the younger is kept; if both have the same digest, their verdicts are joined.
     *
     * @param namespace the namespace that it belongs to
     * @param reference the image
     * @param age how long ago the image was checked
     * @return false if it is too old to be used
     * @throws IllegalArgumentException when the age is negative
     */
    public boolean put(String namespace, ImageReference reference, VerdictSeed seed, Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("age is negative: " + age);
        }
        if (age.compareTo(LONGEST) >= 0) {
            return false;
        }
        long checkedAt = ticker.read() - age.toNanos();
        Entry added = new Entry(seed, checkedAt, checkedAt);
        entries.asMap().merge(Key.of(namespace, reference), added, VerdictSeeds::merge);
        empty = false;
        return true;
    }

    private static Entry merge(Entry one, Entry other) {
        boolean otherIsYounger = other.checkedAt() - one.checkedAt() >= 0;
        Entry younger = otherIsYounger ? other : one;
        Entry older = otherIsYounger ? one : other;
        VerdictSeed merged = younger.seed().with(older.seed());
        if (merged.verdicts().equals(younger.seed().verdicts())) {
            return younger;
        }
        return new Entry(merged, older.checkedAt(), younger.confirmedAt());
    }

    /** The seed of an image, as far as this namespace knows one. */
    Optional<Found> find(String namespace, ImageReference reference) {
        Entry entry = empty ? null : entries.getIfPresent(Key.of(namespace, reference));
        long now = ticker.read();
        if (entry == null || now - entry.checkedAt() >= LONGEST.toNanos()) {
            return Optional.empty();
        }
        return Optional.of(new Found(entry.seed(), since(entry.checkedAt(), now), since(entry.confirmedAt(), now)));
    }

    private static Duration since(long then, long now) {
        return Duration.ofNanos(Math.max(0, now - then));
    }

    /** The registry confirmed the digest of this seed. */
    void confirm(String namespace, ImageReference reference, VerdictSeed seed) {
        entries.asMap()
                .computeIfPresent(
                        Key.of(namespace, reference),
                        (key, entry) -> entry.seed().digest().equals(seed.digest())
                                ? new Entry(entry.seed(), entry.checkedAt(), ticker.read())
                                : entry);
    }

    /** The image has another digest by now. */
    void remove(String namespace, ImageReference reference, VerdictSeed seed) {
        entries.asMap()
                .computeIfPresent(
                        Key.of(namespace, reference),
                        (key, entry) -> entry.seed().digest().equals(seed.digest()) ? null : entry);
    }

    /** Whether no seed was ever added. */
    boolean isEmpty() {
        return empty;
    }

    /** How many images there are seeds of. */
    long size() {
        entries.cleanUp();
        return entries.estimatedSize();
    }
}
