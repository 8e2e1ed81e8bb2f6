package dev.stowage.report;

import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.cache.Recollection;
import dev.stowage.resolve.ImageRecorder.Recorded;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Writes what is known of images into reports, and takes it over from there. */
final class Recollector {

    private final ImageMemory memory;
    private final String defaultRegistry;
    private final Clock clock;

    /** @param defaultRegistry the registry of names that carry none */
    Recollector(ImageMemory memory, String defaultRegistry, Clock clock) {
        this.memory = memory;
        this.defaultRegistry = defaultRegistry;
        this.clock = clock;
    }

    /**
     * What a report is to remember of an image that has just been read.
     *
     * @return completes by the deadline, never exceptionally; nothing where it cannot be told in full, or not be sealed
     */
    CompletableFuture<Optional<ImageReportStatus.Recollection>> recollect(
            String namespace, String image, Set<NodeProfile> profiles, Keyring keyring, Deadline deadline) {
        Optional<ImageReference> reference = reference(image);
        Optional<byte[]> key = memory.key();
        if (reference.isEmpty() || key.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        ImageKey about = ImageKey.of(namespace, image, defaultRegistry);
        return memory.record(reference.get(), profiles, keyring, deadline)
                .thenApply(recorded -> recorded.map(one -> sealed(key.get(), about, one)));
    }

    private ImageReportStatus.Recollection sealed(byte[] key, ImageKey about, Recorded recorded) {
        Recollection known = recorded.recollection();
        List<ImageReportStatus.Part> parts = known.parts().stream()
                .map(part -> new ImageReportStatus.Part(
                        capitalized(part.kind()), part.digest().toString(), part.size(), part.text()))
                .toList();
        String seenAt = Moments.text(clock.instant().minus(recorded.age()));
        ImageReportStatus.Recollection unsealed =
                new ImageReportStatus.Recollection(seenAt, known.readAs(), known.text(), parts, "");
        String seal = Seal.of(key, about, known.digest().toString(), known.mediaType(), unsealed);
        return new ImageReportStatus.Recollection(seenAt, known.readAs(), known.text(), parts, seal);
    }

    private static String capitalized(Recollection.Kind kind) {
        return kind.name().charAt(0) + kind.name().substring(1).toLowerCase(Locale.ROOT);
    }

    /** Whether Stowage wrote this report's recollection; true also while there is no saying. */
    boolean isGenuine(ImageReport report) {
        return memory.key().map(key -> fits(key, report)).orElse(true);
    }

    private boolean fits(byte[] key, ImageReport report) {
        ImageReportStatus status = report.getStatus();
        ImageKey about = ImageKey.of(
                report.getMetadata().getNamespace(), report.getSpec().image(), defaultRegistry);
        String right = Seal.of(key, about, status.digest(), status.mediaType(), status.recollection());
        return Seal.fits(status.recollection().seal(), right);
    }

    /**
     * Takes over what a report remembers. What Stowage did not write, or not about this image in this namespace, what is about
     * another generation of the report, and what would have been seen in the future, is left.
     *
     * @return whether there was something to take over
     */
    boolean recall(ImageReport report) {
        ImageReportStatus status = report.getStatus();
        if (status == null || status.recollection() == null || report.getSpec() == null) {
            return false;
        }
        Optional<ImageReference> reference = reference(report.getSpec().image());
        Optional<Duration> age = age(status.recollection());
        boolean current = report.getMetadata().getGeneration() == null
                || report.getMetadata().getGeneration().equals(status.observedGeneration());
        boolean genuine = memory.key().map(key -> fits(key, report)).orElse(false);
        Optional<Recollection> known = genuine && current ? read(status) : Optional.empty();
        if (reference.isEmpty() || age.isEmpty() || known.isEmpty()) {
            return false;
        }
        memory.recall(report.getMetadata().getNamespace(), reference.get(), known.get(), age.get());
        return true;
    }

    private Optional<Duration> age(ImageReportStatus.Recollection recollection) {
        Instant now = clock.instant();
        return Moments.parse(recollection.seenAt())
                .map(seen -> Duration.between(seen, now))
                .filter(age -> !age.isNegative());
    }

    private static Optional<Recollection> read(ImageReportStatus status) {
        ImageReportStatus.Recollection written = status.recollection();
        List<Recollection.Part> parts = new ArrayList<>();
        for (ImageReportStatus.Part part : written.parts()) {
            Digest.parse(part.digest())
                    .ifPresent(digest -> parts.add(new Recollection.Part(
                            "Config".equals(part.kind()) ? Recollection.Kind.CONFIG : Recollection.Kind.MANIFEST,
                            digest,
                            part.size(),
                            part.text())));
        }
        return Digest.parse(status.digest())
                .map(digest -> new Recollection(written.readAs(), digest, status.mediaType(), written.text(), parts));
    }

    private Optional<ImageReference> reference(String image) {
        try {
            return Optional.of(ImageReference.parse(image, defaultRegistry));
        } catch (InvalidReferenceException e) {
            return Optional.empty();
        }
    }
}
