package dev.stowage.report.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageUsage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WriteTrackerTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final WriteTracker<String> writes = new WriteTracker<>();

    @Test
    @DisplayName("a status of another client is told apart from the denials that any replica records")
    void aStatusOfAnotherClientIsForeign() {
        assertThat(writes.isForeign("web", report("linux/arm64"))).isFalse();
        assertThat(writes.isUpToDate("web", status("linux/amd64"), report("linux/amd64"), NOW))
                .isTrue();

        assertThat(writes.isForeign("web", report("linux/arm64"))).isTrue();
        assertThat(writes.isForeign("web", denied(report("linux/amd64")))).isFalse();
        writes.forget("web");
        assertThat(writes.isForeign("web", report("linux/arm64"))).isFalse();
    }

    @Test
    @DisplayName("a status of which the API server drops a part is written once an hour at most")
    void aStatusThatIsNotStoredWholeIsNotWrittenAgain() {
        ImageReportStatus status = status("linux/amd64");
        ImageReport pruned = report("linux/amd64");
        pruned.setStatus(status.toBuilder().checkedPlatforms(List.of()).build());
        assertThat(writes.isUpToDate("web", status, pruned, NOW)).isFalse();
        writes.wrote("web", status, pruned, NOW);

        assertThat(writes.isUpToDate("web", status, pruned, NOW.plusSeconds(3_599)))
                .isTrue();
        assertThat(writes.isUpToDate("web", status, pruned, NOW.plusSeconds(3_600)))
                .isFalse();
        assertThat(writes.isUpToDate("web", status("linux/arm64"), pruned, NOW)).isFalse();
        assertThat(writes.isUpToDate("web", status, report("linux/arm64"), NOW)).isFalse();
    }

    private static ImageReport report(String platform) {
        ImageReport report = new ImageReport();
        report.setStatus(status(platform));
        return report;
    }

    private static ImageReportStatus status(String platform) {
        Set<NodeProfile> profiles = Set.of(NodeProfile.of(Platform.parse(platform)));
        ReconcileInput input =
                new ReconcileInput(1L, Optional.empty(), ImageUsage.NONE, profiles, true, Optional.empty());
        return new StatusFactory().next(input, NOW);
    }

    private static ImageReport denied(ImageReport report) {
        report.setStatus(report.getStatus().toBuilder()
                .lastDenial(new ImageReportStatus.Denial("2026-11-24T10:00:00Z", "Pod/web", 1L, "cannot run"))
                .build());
        return report;
    }
}
