package dev.stowage.cli.scan;

import dev.stowage.image.Digest;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.verdict.VerdictQualifier;
import dev.stowage.verdict.VerdictSeed;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The file of {@link ScanCache}.
 *
 * @param kind {@link #KIND}
 * @param version {@link #VERSION}
 * @param images what is known of images
 */
record ScanCacheFile(String kind, int version, List<Entry> images) {

    static final String KIND = "stowage-scan-cache";

    /** Changes with the engine's verdicts and with the form of the file. */
    static final int VERSION = 1;

    ScanCacheFile {
        images = images == null
                ? List.of()
                : images.stream().filter(Objects::nonNull).toList();
    }

    static ScanCacheFile of(List<Entry> images) {
        return new ScanCacheFile(KIND, VERSION, images);
    }

    /** A verdict for one node profile. */
    record CachedVerdict(String platform, String runtime, String verdict, String reason, String message) {}

    /**
     * What is known of a digest.
     *
     * @param checked the time of the scan that found it out
     */
    record Known(VerdictSeed seed, Instant checked) {}

    /**
     * An image for one purpose.
     *
     * @param image the reference in full
     * @param verified whether its manifests were read, not only its index
     * @param checked the time, in RFC 3339
     */
    record Entry(
            String image,
            String purpose,
            boolean verified,
            String digest,
            boolean index,
            List<String> platforms,
            int attestations,
            String checked,
            List<CachedVerdict> verdicts) {

        /** What stays true of a result for as long as the tag does not move; empty if nothing does. */
        static Optional<Entry> of(ImageScans.Key key, ImageAssessment found, boolean verified, Instant now) {
            List<CachedVerdict> verdicts = new ArrayList<>();
            found.verdicts().forEach((profile, verdict) -> {
                boolean lasting = verdict instanceof Verdict.Runs && !VerdictQualifier.isAged(verdict.message())
                        || verdict instanceof Verdict.DoesNotRun
                                && verdict.reason().ofContent();
                if (lasting && profile.emulates().isEmpty()) {
                    verdicts.add(new CachedVerdict(
                            profile.platform().toString(),
                            profile.runtime().name(),
                            verdict.label(),
                            verdict.reason().name(),
                            verdict.message()));
                }
            });
            ImageContents contents = found.contents();
            return verdicts.isEmpty()
                    ? Optional.empty()
                    : contents.digest()
                            .map(digest -> new Entry(
                                    key.image(),
                                    key.purpose().name(),
                                    verified,
                                    digest.toString(),
                                    contents.index(),
                                    contents.platforms().stream()
                                            .map(Platform::toString)
                                            .toList(),
                                    contents.attestations(),
                                    now.toString(),
                                    verdicts));
        }

        /** The entry as the engine takes it; empty if Stowage did not write it like this. */
        Optional<Known> known() {
            try {
                Map<NodeProfile, Verdict> known = new HashMap<>();
                for (CachedVerdict one : verdicts) {
                    known.put(
                            new NodeProfile(Platform.parse(one.platform()), RuntimeFamily.valueOf(one.runtime())),
                            verdict(one));
                }
                ImageContents contents = new ImageContents(
                        Digest.parse(digest),
                        index,
                        platforms.stream().map(Platform::parse).toList(),
                        attestations,
                        Optional.empty());
                return Optional.of(
                        new Known(new VerdictSeed(Purpose.valueOf(purpose), contents, known), Instant.parse(checked)));
            } catch (IllegalArgumentException | NullPointerException | DateTimeException e) {
                return Optional.empty();
            }
        }

        private static Verdict verdict(CachedVerdict cached) {
            if ("Runs".equals(cached.verdict())) {
                return Verdict.Runs.withMessage(cached.message());
            }
            Reason reason = Reason.valueOf(cached.reason());
            if (!"DoesNotRun".equals(cached.verdict()) || !reason.ofContent()) {
                throw new IllegalArgumentException("not a verdict that lasts");
            }
            return new Verdict.DoesNotRun(reason, cached.message());
        }
    }
}
