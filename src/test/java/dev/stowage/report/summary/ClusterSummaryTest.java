package dev.stowage.report.summary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.api.ImageReportStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClusterSummaryTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static ImageReport report(String namespace, String image, String status) throws IOException {
        ImageReport report = new ImageReport();
        report.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName("r").build());
        report.setSpec(new ImageReportSpec(image, List.of()));
        report.setStatus(status.isEmpty() ? null : YAML.readValue(status, ImageReportStatus.class));
        return report;
    }

    private static List<ImageReport> cluster() throws IOException {
        return List.of(report("shop", "web:1", """
                        verdict: Compatible
                        digest: sha256:a
                        platforms: [{platform: linux/amd64}, {platform: linux/arm64}]
                        platformsTotal: 2
                        checkedPlatforms: [{platform: linux/amd64, runtime: containerd, verdict: Runs}]
                        usedBy: [{kind: Deployment, name: web, container: app}]
                        usedByTotal: 1
                        """), report("shop", "api:1", """
                        verdict: Compatible
                        digest: sha256:b
                        platforms: [{platform: linux/amd64}]
                        platformsTotal: 1
                        checkedPlatforms: [{platform: linux/amd64, runtime: containerd, verdict: Runs}]
                        usedBy:
                          - {kind: Deployment, name: api, container: app}
                          - {kind: Deployment, name: api, container: init}
                          - {kind: CronJob, name: tidy, container: app}
                        usedByTotal: 2
                        """), report("data", "new:1", ""));
    }

    @Test
    void whatKeepsUsFromAddingAPlatform() throws Exception {
        ClusterSummary summary = ClusterSummary.of(cluster(), List.of(Platform.parse("linux/arm64")));

        assertThat(summary.sentence())
                .isEqualTo(
                        "1 of 3 images does not run on linux/arm64, which concerns 2 workloads. 1 could not be checked.");
        assertThat(summary.lines()).extracting(ImageLine::image).containsExactly("api:1", "new:1", "web:1");
        assertThat(summary.lines().get(0).workloadsInWords()).isEqualTo("Deployment/api, CronJob/tidy");
        assertThat(summary.lines().get(2).cells()).containsEntry("linux/arm64", Cell.HELD);
    }

    @Test
    void aPlatformIsWhatANodeOfItWouldTake() throws Exception {
        ClusterSummary summary = ClusterSummary.of(cluster(), List.of(Platform.parse("linux/arm64/v8")));

        assertThat(summary.lines().get(2).cells()).containsValue(Cell.HELD);
    }

    @Test
    void withoutAQuestionThePlatformsAreThoseOfTheNodes() throws Exception {
        ClusterSummary summary = ClusterSummary.of(cluster(), List.of());

        assertThat(summary.platforms()).containsExactly("linux/amd64");
        assertThat(summary.sentence()).isEqualTo("1 of 3 images could not be checked.");
        assertThat(ClusterSummary.of(List.of(), List.of()).sentence()).isEqualTo("There are no ImageReports.");
    }

    @Test
    @DisplayName("an image that does not exist lacks no platform, and is counted by itself")
    void anImageThatDoesNotExistLacksNoPlatform() throws Exception {
        List<ImageReport> reports = List.of(report("data", "gone:1", """
                verdict: NotFound
                reason: NotFound
                checkedPlatforms: [{platform: linux/amd64, runtime: containerd, verdict: Undetermined, reason: NotFound}]
                """));

        for (List<Platform> asked : List.of(List.<Platform>of(), List.of(Platform.parse("linux/arm64")))) {
            ClusterSummary summary = ClusterSummary.of(reports, asked);
            assertThat(summary.linesWith(Cell.MISSING)).isEmpty();
            assertThat(summary.sentence()).isEqualTo("1 of 1 image does not exist.");
        }
    }

    @Test
    void whatDoesNotRunDoesNotExistAndIsNotKnownAreThreeSentences() throws Exception {
        List<ImageReport> reports = new ArrayList<>(cluster());
        reports.add(report("data", "gone:1", "{verdict: NotFound, reason: NotFound}"));

        assertThat(ClusterSummary.of(reports, List.of(Platform.parse("linux/arm64")))
                        .sentence())
                .isEqualTo("1 of 4 images does not run on linux/arm64, which concerns 2 workloads. 1 does not exist."
                        + " 1 could not be checked.");
    }

    @Test
    void theRemarksSayWhyItDoesNotRunAndWhatWasDenied() throws Exception {
        ImageReport report = report("shop", "api:1", """
                verdict: Incompatible
                message: contains linux/amd64 only
                lastDenial:
                  time: "2026-11-24T10:00:00Z"
                  workload: Deployment/api
                  count: 3
                  message: "cannot run on 1 of 3 eligible nodes (linux/arm64): contains linux/amd64 only"
                """);

        ImageLine line = ClusterSummary.of(List.of(report), List.of()).lines().get(0);

        assertThat(line.remarks())
                .containsExactly(
                        "contains linux/amd64 only",
                        "denied Deployment/api at 2026-11-24T10:00:00Z, the last of 3:"
                                + " cannot run on 1 of 3 eligible nodes (linux/arm64): contains linux/amd64 only");
        assertThat(ClusterSummary.of(List.of(report("shop", "new:1", "")), List.of())
                        .lines()
                        .get(0)
                        .remarks())
                .isEmpty();
    }
}
