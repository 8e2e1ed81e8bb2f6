package dev.stowage.report;

import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.status.StatusText;
import dev.stowage.report.status.Timestamps;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.verdict.VerdictQualifier;
import dev.stowage.verdict.VerdictSeed;
import dev.stowage.verdict.VerdictSeeds;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes the verdicts of reports over into {@link VerdictSeeds}. A verdict that the status does not hold as the engine would give
 * it, with its whole message, is left out.
 */
public final class ReportSeeds {

    private static final Verdict RUNS = new Verdict.Runs(List.of());

    private final VerdictSeeds seeds;
    private final String defaultRegistry;
    private final Clock clock;

    /**
     * @param seeds takes the verdicts
     * @param defaultRegistry the registry of names that carry none
     * @param clock for the age of a status
     */
    public ReportSeeds(VerdictSeeds seeds, String defaultRegistry, Clock clock) {
        this.seeds = Objects.requireNonNull(seeds, "seeds");
        this.defaultRegistry = Objects.requireNonNull(defaultRegistry, "defaultRegistry");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Takes over the verdicts of a report.
     *
     * @return whether there was something to take over
     */
    boolean add(ImageReport report) {
        ImageReportStatus status = report.getStatus();
        if (status == null
                || report.getSpec() == null
                || report.getSpec().image() == null
                || !isCurrent(report, status)) {
            return false;
        }
        Optional<Duration> age = Timestamps.parse(status.checkedTime())
                .map(checked -> Duration.between(checked, clock.instant()))
                .filter(time -> !time.isNegative());
        Optional<ImageReference> reference = reference(report.getSpec().image()).filter(named -> named.digest()
                .map(digest -> digest.toString().equals(status.digest()))
                .orElse(true));
        Optional<VerdictSeed> seed = seed(status);
        return age.isPresent()
                && reference.isPresent()
                && seed.isPresent()
                && seeds.put(report.getMetadata().getNamespace(), reference.get(), seed.get(), age.get());
    }

    /** Whether the status is about the report as it is now, and about an image that could be read when it was last checked. */
    private static boolean isCurrent(ImageReport report, ImageReportStatus status) {
        Long generation = report.getMetadata().getGeneration();
        return (generation == null || generation.equals(status.observedGeneration()))
                && StatusFactory.find(status, StatusFactory.RESOLVED)
                        .filter(condition -> "True".equals(condition.status()))
                        .isPresent();
    }

    private Optional<ImageReference> reference(String image) {
        try {
            return Optional.of(ImageReference.parse(image, defaultRegistry));
        } catch (InvalidReferenceException e) {
            return Optional.empty();
        }
    }

    private static Optional<VerdictSeed> seed(ImageReportStatus status) {
        Optional<Digest> digest = Optional.ofNullable(status.digest()).flatMap(Digest::parse);
        Optional<Purpose> purpose = Stream.of(Purpose.values())
                .filter(one -> StatusFactory.label(one).equals(status.checkedFor()))
                .findFirst();
        Map<NodeProfile, Verdict> verdicts = verdicts(status);
        if (digest.isEmpty() || purpose.isEmpty() || verdicts.isEmpty()) {
            return Optional.empty();
        }
        return platforms(status)
                .map(platforms -> new ImageContents(
                        digest,
                        MediaTypes.isIndex(Objects.requireNonNullElse(status.mediaType(), "")),
                        platforms,
                        Objects.requireNonNullElse(status.attestationsTotal(), 0),
                        Optional.empty()))
                .map(contents -> new VerdictSeed(purpose.get(), contents, verdicts));
    }

    /** The platforms of the image, unless the status lists only some of them: messages name them. */
    private static Optional<List<Platform>> platforms(ImageReportStatus status) {
        List<Platform> listed = status.platforms().stream()
                .flatMap(one -> platform(one.platform()).stream())
                .toList();
        // entries of one platform are listed each, and count once unless they differ in what a platform's name does not
        // show
        List<Platform> distinct = listed.stream().distinct().toList();
        return Stream.of(listed, distinct)
                .filter(platforms -> Integer.valueOf(platforms.size()).equals(status.platformsTotal()))
                .findFirst();
    }

    private static Map<NodeProfile, Verdict> verdicts(ImageReportStatus status) {
        Map<NodeProfile, Verdict> verdicts = new HashMap<>();
        for (CheckedPlatform checked : status.checkedPlatforms()) {
            Optional<NodeProfile> profile = platform(checked.platform())
                    .flatMap(platform -> runtime(checked.runtime()).map(runtime -> new NodeProfile(platform, runtime)));
            Optional<Verdict> verdict = verdict(checked);
            if (profile.isPresent() && verdict.isPresent()) {
                verdicts.put(profile.get(), verdict.get());
            }
        }
        return verdicts;
    }

    private static Optional<Verdict> verdict(CheckedPlatform checked) {
        String message = Objects.requireNonNullElse(checked.message(), "");
        if (message.endsWith(StatusText.ELLIPSIS) || VerdictQualifier.isAged(message)) {
            return Optional.empty();
        }
        if ("Runs".equals(checked.verdict())) {
            return Optional.of(message.isEmpty() ? RUNS : Verdict.Runs.withMessage(message));
        }
        if (!"DoesNotRun".equals(checked.verdict()) || message.isEmpty()) {
            return Optional.empty();
        }
        return Stream.of(Reason.values())
                .filter(Reason::ofContent)
                .filter(reason -> reason.label().equals(checked.reason()))
                .findFirst()
                .map(reason -> new Verdict.DoesNotRun(reason, message));
    }

    /** The platform, if the text is all of it. */
    private static Optional<Platform> platform(String text) {
        try {
            Platform platform = Platform.parse(Objects.requireNonNullElse(text, ""));
            return Optional.of(platform).filter(parsed -> parsed.toString().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<RuntimeFamily> runtime(String label) {
        return Stream.of(RuntimeFamily.values())
                .filter(family -> family.label().equals(label))
                .findFirst();
    }
}
