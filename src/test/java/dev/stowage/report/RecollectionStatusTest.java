package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.image.Digest;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.ImageReportStatus.Recollection;
import dev.stowage.verdict.Assessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When what a report remembers is written. */
class RecollectionStatusTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final NodeProfile AMD64 = NodeProfile.of(Platform.of("linux", "amd64"));
    private static final Recollection FIRST = recollection(NOW, "{\"a\":1}");

    private final StatusFactory factory = new StatusFactory();
    private ImageReportStatus written = factory.next(seen(Optional.empty(), look(Optional.of(FIRST), false)), NOW);

    private static Recollection recollection(Instant seenAt, String text) {
        return new Recollection(Moments.text(seenAt), "anonymous", text, List.of(), "seal of " + seenAt + text);
    }

    private static Optional<Look> look(Optional<Recollection> recollection, boolean partial) {
        ImageContents contents = new ImageContents(
                Optional.of(Digest.of("index".getBytes(StandardCharsets.UTF_8))), true, List.of(), 0, Optional.empty());
        return Optional.of(new Look(
                new Assessment("web:1", contents, Map.of(AMD64, new Verdict.Runs(List.of()))), partial, recollection));
    }

    private static Observation seen(Optional<ImageReportStatus> before, Optional<Look> look) {
        return new Observation(1L, before, ImageUsage.NONE, Set.of(AMD64), true, look);
    }

    private ImageReportStatus next(Optional<Look> look, Duration later) {
        return factory.next(seen(Optional.of(written), look), NOW.plus(later));
    }

    @Test
    void theFirstLookIsRemembered() {
        assertThat(written.recollection()).isEqualTo(FIRST);
    }

    @Test
    void thatItIsStillSoIsNotWorthAWrite() {
        Recollection later = recollection(NOW.plusSeconds(3600), "{\"a\":1}");

        ImageReportStatus next = next(look(Optional.of(later), false), Duration.ofHours(1));

        assertThat(StatusFactory.differ(Optional.of(written), next)).isFalse();
    }

    @Test
    void whatIsWrittenAnywayIsWrittenWithTheLatestTime() {
        Recollection later = recollection(NOW.plusSeconds(86400), "{\"a\":1}");

        ImageReportStatus next = next(look(Optional.of(later), false), StatusFactory.HEARTBEAT);

        assertThat(next.recollection()).isEqualTo(later);
    }

    @Test
    void whatIsNewIsWritten() {
        Recollection other = recollection(NOW.plusSeconds(60), "{\"a\":2}");

        ImageReportStatus next = next(look(Optional.of(other), false), Duration.ofMinutes(1));

        assertThat(next.recollection()).isEqualTo(other);
        assertThat(StatusFactory.differ(Optional.of(written), next)).isTrue();
    }

    @Test
    void whatCanNoLongerBeToldIsForgotten() {
        assertThat(next(look(Optional.empty(), false), Duration.ofMinutes(1)).recollection())
                .isNull();
    }

    @Test
    void withoutAWholeLookItStays() {
        assertThat(next(Optional.empty(), Duration.ofMinutes(1)).recollection()).isEqualTo(FIRST);
        assertThat(next(look(Optional.empty(), true), Duration.ofMinutes(1)).recollection())
                .isEqualTo(FIRST);
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, true", "RATE_LIMITED, true", "TIMEOUT, true", "UNAUTHORIZED, false", "FORBIDDEN, false"})
    void aRegistryThatIsAwayTakesNothingAndARefusalTakesIt(Reason reason, boolean stays) {
        Optional<Look> inVain = Optional.of(Look.undetermined("web:1", Set.of(AMD64), reason, "as the test says"));

        assertThat(next(inVain, Duration.ofMinutes(1)).recollection()).isEqualTo(stays ? FIRST : null);
    }
}
