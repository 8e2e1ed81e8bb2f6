package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.oci.DocumentReader;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.api.ImageReportStatusBuilder;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.status.Timestamps;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.Shape;
import dev.stowage.testing.TravelClock;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Judge;
import dev.stowage.verdict.SeededAssessor;
import dev.stowage.verdict.Verdict;
import dev.stowage.verdict.VerdictSeeds;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a status holds of an image is answered as the engine answered it, or not at all. */
class ReportSeedsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final String IMAGE = "registry.example/shop/web:1";
    private static final NodeProfile AMD64 = NodeProfile.of(Platform.parse("linux/amd64"));

    private final TravelClock clock = new TravelClock(NOW);
    private final VerdictSeeds seeds = new VerdictSeeds(System::nanoTime);
    private final ReportSeeds reports = new ReportSeeds(seeds, "docker.io", clock);
    private final Assessor after = new SeededAssessor(
            (image, purpose, profiles, verification, keyring, deadline) ->
                    CompletableFuture.completedFuture(new ImageAssessment(image, ImageContents.UNKNOWN, Map.of())),
            new MemoryRegistry(),
            seeds,
            "docker.io",
            CacheSettings.DEFAULT,
            CacheObserver.NONE);

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.stowage.testing.Shapes#all")
    void everyShapeIsAnsweredAsBefore(Shape shape) {
        MemoryRegistry registry = new MemoryRegistry();
        String image = "registry.example/shapes" + shape.store(registry);
        Set<NodeProfile> profiles = shape.expected().keySet();
        Assessor engine =
                new EngineAssessor("docker.io", new ImageResolver(registry, new DocumentReader()), new Judge());
        for (Purpose purpose : Purpose.values()) {
            ImageAssessment before = assess(engine, image, purpose, profiles);
            ReconcileInput input = new ReconcileInput(
                    1L,
                    Optional.empty(),
                    ImageUsage.NONE,
                    profiles,
                    true,
                    Optional.of(new ImageScan(before, ImageScan.Scope.FULL, purpose)));

            reports.add(report(image, new StatusFactory().next(input, NOW)));

            before.verdicts().forEach((profile, verdict) -> {
                ImageAssessment seeded = assess(after.inNamespace("shop"), image, purpose, Set.of(profile));
                if (!seeded.verdicts().isEmpty()) {
                    assertThat(seeded.verdicts()).isEqualTo(Map.of(profile, verdict));
                    // as messages show it: os.features are not among that
                    assertThat(seeded.contents())
                            .hasToString(withoutDocument(before.contents()).toString());
                }
                boolean plain = verdict instanceof Verdict.Runs
                        && verdict.message().isEmpty()
                        && before.contents().platforms().size() <= 32
                        && before.contents().platforms().stream().allMatch(ReportSeedsTest::canBeRead);
                assertThat(plain && seeded.verdicts().isEmpty())
                        .as("%s for %s runs and is not seeded", profile, purpose)
                        .isFalse();
            });
        }
    }

    private static ImageAssessment assess(Assessor by, String image, Purpose purpose, Set<NodeProfile> profiles) {
        return by.assess(
                        image,
                        purpose,
                        profiles,
                        Verification.MANIFESTS,
                        Keyring.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(10)))
                .join();
    }

    /** Whether the text of a platform says all of it; a config may say anything. */
    private static boolean canBeRead(Platform platform) {
        try {
            return Platform.parse(platform.toString()).toString().equals(platform.toString());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ImageContents withoutDocument(ImageContents contents) {
        return new ImageContents(
                contents.digest(), contents.index(), contents.platforms(), contents.attestations(), Optional.empty());
    }

    private static ImageReport report(String image, ImageReportStatus status) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName("web")
                .withNamespace("shop")
                .withGeneration(1L)
                .build());
        report.setSpec(ImageReportSpec.of(image));
        report.setStatus(status);
        return report;
    }

    /** Whether this change of a sound status leaves something to take over. */
    private boolean isUsed(UnaryOperator<ImageReportStatusBuilder> change) {
        ImageReportStatusBuilder sound = ImageReportStatusBuilder.builder()
                .observedGeneration(1L)
                .checkedFor("Container")
                .digest("sha256:" + "a".repeat(64))
                .mediaType("application/vnd.oci.image.index.v1+json")
                .platforms(List.of(new ImageReportStatus.ImagePlatform("linux/amd64", null, "Runs")))
                .platformsTotal(1)
                .checkedPlatforms(List.of(checked("Runs", "Runs", null)))
                .checkedTime(Timestamps.text(NOW))
                .conditions(List.of(resolved("True")));
        return reports.add(report(IMAGE, change.apply(sound).build()));
    }

    private static CheckedPlatform checked(String verdict, String reason, String message) {
        return new CheckedPlatform("linux/amd64", "containerd-2.3", verdict, reason, message);
    }

    private static ImageReportStatus.StatusCondition resolved(String status) {
        return new ImageReportStatus.StatusCondition("Resolved", status, "Resolved", null, Timestamps.text(NOW), 1L);
    }

    @Test
    void whatTheStatusDoesNotHoldInFullIsLeftOut() {
        assertThat(isUsed(status -> status)).isTrue();
        assertThat(isUsed(status -> status.observedGeneration(2L))).isFalse();
        assertThat(isUsed(status -> status.checkedFor(null))).isFalse();
        assertThat(isUsed(status -> status.digest(null))).isFalse();
        assertThat(isUsed(status -> status.digest("sha256:no"))).isFalse();
        assertThat(isUsed(status -> status.platformsTotal(33))).isFalse();
        assertThat(isUsed(status -> status.checkedTime(null))).isFalse();
        assertThat(isUsed(status -> status.checkedTime("yesterday"))).isFalse();
        assertThat(isUsed(status -> status.checkedTime("2026-11-24T10:00:01Z"))).isFalse();
        assertThat(isUsed(status -> status.checkedTime("2026-11-23T07:00:00Z"))).isFalse();
        assertThat(isUsed(status -> status.conditions(List.of(resolved("False")))))
                .isFalse();
        assertThat(isUsed(status -> status.conditions(List.of()))).isFalse();
    }

    @Test
    void verdictsThatDoNotLieInTheContentAreLeftOut() {
        assertThat(isUsed(one("Runs", "Runs", "a warning; also another"))).isTrue();
        assertThat(isUsed(one("Runs", "Runs", "a warn…"))).isFalse();
        assertThat(isUsed(one("Runs", "Runs", "a warning; also known only from a registry response 5 min ago")))
                .isFalse();
        assertThat(isUsed(one("DoesNotRun", "PlatformMissing", "linux/arm64 only")))
                .isTrue();
        assertThat(isUsed(one("DoesNotRun", "PlatformMissing", "linux/arm64 o…")))
                .isFalse();
        assertThat(isUsed(
                        one("DoesNotRun", "PlatformMissing", "linux/arm64 only (from a registry response 5 min ago)")))
                .isFalse();
        assertThat(isUsed(one("DoesNotRun", "PlatformMissing", null))).isFalse();
        assertThat(isUsed(one("DoesNotRun", "NotFound", "does not exist"))).isFalse();
        assertThat(isUsed(one("DoesNotRun", "ContentMissing", "its config is gone")))
                .isFalse();
        assertThat(isUsed(one("Undetermined", "Unavailable", "is away"))).isFalse();
        assertThat(isUsed(one("Perhaps", "Runs", null))).isFalse();
    }

    private static UnaryOperator<ImageReportStatusBuilder> one(String verdict, String reason, String message) {
        return status -> status.checkedPlatforms(List.of(checked(verdict, reason, message)));
    }

    @Test
    void aReportWithoutStatusAndOneOfAnotherDigestAreLeftOut() {
        assertThat(reports.add(report(IMAGE, null))).isFalse();
        assertThat(isUsed(status -> status)).isTrue();
        assertThat(assess(after.inNamespace("shop"), IMAGE, Purpose.RUN, Set.of(AMD64))
                        .verdicts())
                .hasSize(1);
        ImageReport pinned = report(
                "registry.example/shop/web@sha256:" + "b".repeat(64),
                ImageReportStatus.EMPTY.toBuilder()
                        .observedGeneration(1L)
                        .checkedFor("Container")
                        .digest("sha256:" + "a".repeat(64))
                        .platformsTotal(0)
                        .checkedPlatforms(List.of(checked("Runs", "Runs", null)))
                        .checkedTime(Timestamps.text(NOW))
                        .conditions(List.of(resolved("True")))
                        .build());
        assertThat(reports.add(pinned)).isFalse();
    }
}
