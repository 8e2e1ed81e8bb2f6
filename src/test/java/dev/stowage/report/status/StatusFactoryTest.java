package dev.stowage.report.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.image.Digest;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is observed and what is then written, a folder each. */
class StatusFactoryTest {

    private static final Instant READ = Instant.parse("2026-11-24T10:00:00Z");

    private static final Path CASES = Path.of("src/test/resources/dev/stowage/report/status");

    static Stream<StatusCase> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.filter(Files::isDirectory).sorted().map(StatusCase::new).toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theStatusIsAsWritten(StatusCase example) throws Exception {
        ImageReportStatus next = new StatusFactory().next(example.observation(), example.now());

        assertThat(StatusCase.yaml(next)).isEqualTo(example.expected());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void observingTheSameAgainChangesNothing(StatusCase example) throws Exception {
        ReconcileInput input = example.observation();
        ImageReportStatus first = new StatusFactory().next(input, example.now());
        ReconcileInput again = new ReconcileInput(
                input.generation(),
                Optional.of(first),
                input.usage(),
                input.profiles(),
                input.nodesKnown(),
                input.scan());

        ImageReportStatus second = new StatusFactory().next(again, example.now().plusSeconds(3600));

        assertThat(StatusFactory.differ(Optional.of(first), second))
                .describedAs("first %s%nsecond %s", first, second)
                .isFalse();
        assertThat(List.of(first)).containsExactly(second);
    }

    @Test
    @DisplayName(
            "images that were first read together are read again at different times of the next day, and all within it")
    void readingsInFullAreSpread() {
        int[] due = new int[25];
        for (int i = 0; i < 600; i++) {
            ReconcileInput again = readBefore("image " + i);
            for (int hour = 0; hour < due.length; hour++) {
                Instant later = READ.plus(Duration.ofHours(hour));
                boolean holds = StatusFactory.holdsFor(again.previous().orElseThrow(), again, later);
                due[hour] += holds ? 0 : 1;
                // what is read in full is written, so that it is not read again an hour later
                assertThat(StatusFactory.differ(again.previous(), new StatusFactory().next(again, later)))
                        .isEqualTo(!holds);
            }
        }

        assertThat(due[17]).isZero();
        assertThat(due[21]).isBetween(200, 400);
        assertThat(due[24]).isEqualTo(600);
    }

    /** A status from reading an image in full, with the same reading as a new scan. */
    private static ReconcileInput readBefore(String content) {
        NodeProfile amd64 = NodeProfile.of(Platform.of("linux", "amd64"));
        Digest digest = Digest.of(content.getBytes(StandardCharsets.UTF_8));
        ImageContents contents =
                new ImageContents(Optional.of(digest), false, List.of(amd64.platform()), 0, Optional.empty());
        ImageScan scan = new ImageScan(
                new ImageAssessment("web", contents, Map.of(amd64, new Verdict.Runs(List.of()))),
                ImageScan.Scope.FULL,
                Assessor.Purpose.RUN);
        ReconcileInput first =
                new ReconcileInput(1L, Optional.empty(), ImageUsage.NONE, Set.of(amd64), true, Optional.of(scan));
        return new ReconcileInput(
                1L,
                Optional.of(new StatusFactory().next(first, READ)),
                ImageUsage.NONE,
                Set.of(amd64),
                true,
                Optional.of(scan));
    }
}
