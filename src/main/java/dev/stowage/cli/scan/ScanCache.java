package dev.stowage.cli.scan;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.scan.ScanCacheFile.Entry;
import dev.stowage.cli.scan.ScanCacheFile.Known;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.image.Printable;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.SeededAssessor;
import dev.stowage.verdict.VerdictSeed;
import dev.stowage.verdict.VerdictSeeds;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What earlier scans found out, in a file that only its owner may read. What is known holds for a digest: a tag costs one HEAD request,
 * which confirms that it still has this digest, and a reference by digest none.
 */
final class ScanCache {

    private static final long LARGEST = 64L << 20;
    private static final int MOST_ENTRIES = 50_000;

    /** No older than seeds are believed. */
    private static final Duration OLDEST = Duration.ofHours(26);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private record EntryKey(String image, Purpose purpose) {}

    private final Path file;
    private final boolean verified;
    private final Clock clock;
    private final Map<EntryKey, Entry> entries = new HashMap<>();
    private final VerdictSeeds seeds = new VerdictSeeds(Ticker.systemTicker());
    private boolean kept;

    private ScanCache(Path file, boolean verified, Clock clock) {
        this.file = file;
        this.verified = verified;
        this.clock = clock;
    }

    /**
     * Reads a file; one that does not exist yet is as good as an empty one.
     *
     * @param verification how much of each image this scan reads; what was found out by reading less is not used
     * @param notes takes a sentence on a file that cannot be used
     */
    static ScanCache read(Path file, Verification verification, Clock clock, List<String> notes) {
        ScanCache cache = new ScanCache(file, verification == Verification.MANIFESTS, clock);
        String name = "--cache " + Printable.of(file.toString());
        try {
            if (Files.size(file) > LARGEST) {
                cache.kept = true;
                notes.add(name + " is larger than " + (LARGEST >> 20) + " MiB: it is ignored and left as it is");
                return cache;
            }
            ScanCacheFile read = MAPPER.readValue(Files.readAllBytes(file), ScanCacheFile.class);
            if (read == null || !ScanCacheFile.KIND.equals(read.kind())) {
                cache.kept = true;
                notes.add(name + " is not a cache of stowage scan: it is ignored and left as it is");
            } else if (read.version() != ScanCacheFile.VERSION) {
                notes.add(name + " was written by another version of Stowage: it is ignored and written again");
            } else {
                read.images().forEach(cache::add);
            }
        } catch (NoSuchFileException e) {
            return cache;
        } catch (IOException e) {
            cache.kept = true;
            notes.add(name + " cannot be read: it is ignored and left as it is");
        }
        return cache;
    }

    private void add(Entry entry) {
        Optional<Known> known = entry.known();
        if (known.isEmpty() || entry.verified() != verified && verified) {
            return;
        }
        try {
            ImageReference reference = ImageReference.parse(entry.image());
            Duration age = Duration.between(known.get().checked(), clock.instant());
            VerdictSeed seed = known.get().seed();
            if (!age.isNegative()
                    && age.compareTo(OLDEST) < 0
                    && reference.digest().map(seed.digest()::equals).orElse(true)
                    && seeds.put(seed.purpose().name(), reference, seed, age)) {
                entries.put(new EntryKey(entry.image(), seed.purpose()), entry);
            }
        } catch (InvalidReferenceException e) {
            // not written by Stowage
        }
    }

    /** The number of images of which something is known. */
    int size() {
        return entries.size();
    }

    /**
     * An engine that uses what is known for this purpose.
     *
     * @param assessor the engine for the rest
     */
    Assessor before(Assessor assessor, LocalEngine engine, Purpose purpose) {
        return new SeededAssessor(
                        assessor,
                        engine.registry(),
                        seeds,
                        engine.defaultRegistry(),
                        CacheSettings.DEFAULT,
                        CacheObserver.NONE)
                .inNamespace(purpose.name());
    }

    /**
     * Replaces the file by one that has these results, too; other processes never see a part of it.
     *
     * @throws IOException when it cannot be written
     */
    void write(Map<ImageScans.Key, ImageAssessment> results) throws IOException {
        if (kept) {
            return;
        }
        Instant now = clock.instant();
        results.forEach((key, found) -> {
            EntryKey at = new EntryKey(key.image(), key.purpose());
            Optional<Digest> digest = found.contents().digest();
            // what came from here is as old as it was
            if (digest.isPresent() && !SeededAssessor.isSeeded(found)) {
                Entry.of(key, found, verified, now).ifPresent(entry -> entries.put(at, entry));
            }
        });
        List<Entry> youngest = new ArrayList<>(entries.values());
        youngest.sort(Comparator.comparing(Entry::checked).reversed());
        byte[] content = MAPPER.writeValueAsBytes(
                ScanCacheFile.of(youngest.subList(0, Math.min(youngest.size(), MOST_ENTRIES))));
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent())
                .orElseThrow(() -> new NoSuchFileException(file.toString()));
        // created for its owner alone
        Path written = Files.createTempFile(folder, ".stowage-scan", ".tmp");
        try {
            Files.write(written, content);
            move(written);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private void move(Path written) throws IOException {
        try {
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
