package dev.stowage.report.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.image.Digest;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ImageScan.Scope;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a scan of an image that was read before needs: its digest confirmed, or the image read again. */
class ScanRequestTest {

    private static final Instant READ_AT = Instant.parse("2026-11-24T10:00:00Z");
    private static final Instant NOW = READ_AT.plus(Duration.ofHours(1));
    private static final NodeProfile AMD64 = NodeProfile.of(Platform.of("linux", "amd64"));
    private static final NodeProfile ARM64 = NodeProfile.of(Platform.of("linux", "arm64"));
    private static final Digest DIGEST = Digest.of("the image".getBytes(StandardCharsets.UTF_8));
    private static final Verdict RUNS = new Verdict.Runs(List.of());
    private static final Verdict MISSING = new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "linux/amd64 only");

    private static ReconcileInput input(Set<NodeProfile> profiles, ImageReportStatus previous, ImageScan scan) {
        return new ReconcileInput(
                1L, Optional.ofNullable(previous), ImageUsage.NONE, profiles, true, Optional.ofNullable(scan));
    }

    private static ImageReportStatus status(Map<NodeProfile, Verdict> verdicts) {
        ImageContents contents = new ImageContents(
                Optional.of(DIGEST), true, List.of(Platform.of("linux", "amd64")), 1, Optional.empty());
        ImageScan scan = new ImageScan(new ImageAssessment("web:1", contents, verdicts), Scope.FULL, Purpose.RUN);
        return new StatusFactory().next(input(verdicts.keySet(), null, scan), READ_AT);
    }

    private static Optional<Digest> known(ImageReportStatus status, boolean trusted, Instant now, NodeProfile... of) {
        Workload reader = new Workload(
                "Pod",
                "shop",
                "web",
                List.of(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                true,
                false,
                false);
        return ScanRequest.full("web:1", input(new LinkedHashSet<>(List.of(of)), status, null), trusted, reader, now)
                .known();
    }

    @Test
    @DisplayName("an image read less than a day ago is only confirmed, whatever its verdicts and their warnings")
    void confirmed() {
        assertThat(known(status(Map.of(AMD64, RUNS, ARM64, MISSING)), true, NOW, AMD64, ARM64))
                .contains(DIGEST);
        assertThat(known(status(Map.of(AMD64, Verdict.Runs.withMessage("the config says arm64"))), true, NOW, AMD64))
                .contains(DIGEST);
        assertThat(known(status(Map.of(AMD64, RUNS, ARM64, MISSING)), true, NOW, ARM64))
                .contains(DIGEST);
    }

    @Test
    @DisplayName("after 18 hours to a day it is read again, and whenever the clock makes its age unknown")
    void readOnceADay() {
        ImageReportStatus status = status(Map.of(AMD64, RUNS));

        assertThat(known(status, true, READ_AT.plus(Duration.ofHours(18)).minusSeconds(1), AMD64))
                .isPresent();
        assertThat(known(status, true, READ_AT.plus(Duration.ofDays(1)), AMD64)).isEmpty();
        assertThat(known(status, true, READ_AT.minusSeconds(1), AMD64)).isEmpty();
    }

    @Test
    @DisplayName(
            "a status of another client, other platforms, and verdicts that say nothing of the image are read again")
    void readAgain() {
        ImageReportStatus status = status(Map.of(AMD64, RUNS));

        assertThat(known(status, false, NOW, AMD64)).isEmpty();
        assertThat(known(status, true, NOW, AMD64, ARM64)).isEmpty();
        assertThat(known(
                        status(Map.of(AMD64, RUNS, ARM64, new Verdict.Undetermined(Reason.TIMEOUT, "no answer"))),
                        true,
                        NOW,
                        AMD64,
                        ARM64))
                .isEmpty();
        assertThat(known(status.toBuilder().checkedFor("Volume").build(), true, NOW, AMD64))
                .isEmpty();
        assertThat(known(status.toBuilder().conditions(List.of()).build(), true, NOW, AMD64))
                .isEmpty();
        assertThat(known(status.toBuilder().digest(null).build(), true, NOW, AMD64))
                .isEmpty();
        assertThat(known(null, true, NOW, AMD64)).isEmpty();
    }

    @Test
    @DisplayName("a verdict from an outage is read again")
    void readAfterAnOutage() {
        ImageReportStatus status = status(Map.of(AMD64, RUNS));
        CheckedPlatform read = status.checkedPlatforms().get(0);
        for (String message : List.of(
                "known only from a registry response 12 min ago",
                "linux/arm64 only (from a registry response 12 min ago)")) {
            CheckedPlatform aged =
                    new CheckedPlatform(read.platform(), read.runtime(), read.verdict(), read.reason(), message);

            assertThat(known(status.toBuilder().checkedPlatforms(List.of(aged)).build(), true, NOW, AMD64))
                    .isEmpty();
        }
    }
}
