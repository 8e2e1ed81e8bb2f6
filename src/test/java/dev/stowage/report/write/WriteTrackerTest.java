package dev.stowage.report.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageUsage;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WriteTrackerTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final WriteTracker<String> writes = new WriteTracker<>();

    @Test
    @DisplayName("what was so before the last write is nothing to go by")
    void whatWasBeforeIsBehind() {
        writes.settled("web", report("100", "linux/amd64"), NOW);

        assertThat(writes.isBehind("web", report("99", "linux/arm64"), NOW)).isTrue();
        assertThat(writes.isBehind("web", report("100", "linux/amd64"), NOW)).isFalse();
        assertThat(writes.isBehind("web", report("1000", "linux/arm64"), NOW)).isFalse();
        assertThat(writes.isBehind("api", report("99", "linux/arm64"), NOW)).isFalse();
    }

    @Test
    void versionsThatBeginAgainOrAreNoNumbersHoldNothingUp() {
        writes.settled("web", report("100", "linux/amd64"), NOW);

        assertThat(writes.isBehind("web", report("7", "linux/amd64"), NOW.plusSeconds(61)))
                .isFalse();
        assertThat(writes.isBehind("web", report("x7", "linux/amd64"), NOW)).isFalse();
    }

    @Test
    @DisplayName("what somebody else wrote is told apart from the denials that any replica notes")
    void whatSomebodyElseWroteIsForeign() {
        assertThat(writes.isForeign("web", report("99", "linux/arm64"))).isFalse();
        writes.settled("web", report("100", "linux/amd64"), NOW);

        assertThat(writes.isForeign("web", report("101", "linux/arm64"))).isTrue();
        assertThat(writes.isForeign("web", denied(report("101", "linux/amd64"))))
                .isFalse();
        writes.forget("web");
        assertThat(writes.isForeign("web", report("101", "linux/arm64"))).isFalse();
    }

    private static ImageReport report(String version, String platform) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder().withResourceVersion(version).build());
        Set<NodeProfile> profiles = Set.of(NodeProfile.of(Platform.parse(platform)));
        ReconcileInput input =
                new ReconcileInput(1L, Optional.empty(), ImageUsage.NONE, profiles, true, Optional.empty());
        report.setStatus(new StatusFactory().next(input, NOW));
        return report;
    }

    private static ImageReport denied(ImageReport report) {
        report.setStatus(report.getStatus().toBuilder()
                .lastDenial(new ImageReportStatus.Denial("2026-11-24T10:00:00Z", "Pod/web", 1L))
                .build());
        return report;
    }
}
