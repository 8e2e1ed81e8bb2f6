package dev.stowage.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.cli.page.NamespaceUse;
import dev.stowage.cli.page.PageCell;
import dev.stowage.cli.page.PageData;
import dev.stowage.cli.page.PageRow;
import dev.stowage.cli.page.PageVerdict;
import dev.stowage.cli.page.PageWorkload;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.summary.ClusterSummary;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReportPageTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String AMD64_ONLY = """
            verdict: Incompatible
            reason: PlatformMissing
            message: contains linux/amd64 only
            digest: sha256:a
            platforms: [{platform: linux/amd64}]
            platformsTotal: 1
            checkedPlatforms:
              - {platform: linux/amd64, runtime: containerd, verdict: Runs, reason: Runs}
              - {platform: linux/arm64, runtime: containerd, verdict: DoesNotRun, reason: PlatformMissing, message: contains linux/amd64 only}
            missingPlatforms: [linux/arm64]
            usedBy: [{kind: Deployment, name: api, container: app}]
            usedByTotal: 3
            """;

    private final List<ImageReport> reports = new ArrayList<>();

    @Test
    @DisplayName("an image that several namespaces use is one row if their reports say the same")
    void reportsThatSayTheSameAreOneRow() throws Exception {
        report("shop", "api:1", AMD64_ONLY);
        report("data", "api:1", AMD64_ONLY + "lastDenial: {time: 't', workload: Pod/x, message: no}\n");
        report("web", "api:1", AMD64_ONLY.replace("sha256:a", "sha256:b"));

        List<PageRow> rows = page().rows();

        assertThat(rows).hasSize(2);
        PageRow row = rows.get(0);
        assertThat(row.uses()).containsExactly(NamespaceUse.of("data", 3), NamespaceUse.of("shop", 3));
        assertThat(row.workloads())
                .containsExactly(
                        new PageWorkload("data", "Deployment/api"), new PageWorkload("shop", "Deployment/api"));
        assertThat(row.workloadsTotal()).isEqualTo(6);
        assertThat(row.notes()).containsExactly("denied Pod/x at t: no");
        assertThat(rows.get(1).uses()).containsExactly(NamespaceUse.of("web", 3));
    }

    @Test
    void aRowHasTheVerdictTheReasonAndTheFix() throws Exception {
        report("shop", "api:1", AMD64_ONLY);

        PageRow row = page().rows().get(0);

        assertThat(row.verdict()).isEqualTo(PageVerdict.DOES_NOT_RUN);
        assertThat(row.reason()).isEqualTo("PlatformMissing");
        assertThat(row.message()).isEqualTo("contains linux/amd64 only");
        assertThat(row.fix())
                .isEqualTo(
                        "build it for linux/arm64 too: docker buildx build --platform linux/amd64,linux/arm64 --push …");
        assertThat(row.cells())
                .containsExactly(
                        new PageCell(PageVerdict.RUNS, "Runs", ""),
                        new PageCell(PageVerdict.DOES_NOT_RUN, "PlatformMissing", "contains linux/amd64 only"));
    }

    @Test
    @DisplayName("for a platform that no node has, what the image contains decides")
    void forAPlatformThatNoNodeHasTheContentsDecide() throws Exception {
        String status = """
                verdict: Compatible
                digest: sha256:a
                platforms: [{platform: linux/amd64}]
                platformsTotal: 1
                summary: {platforms: linux/amd64}
                checkedPlatforms: [{platform: linux/amd64, runtime: containerd, verdict: Runs}]
                """;
        report("shop", "one:1", status);
        report(
                "shop",
                "two:1",
                status.replace("[{platform: linux/amd64}]\nplatformsTotal: 1", "[{platform: linux/arm64}]"));

        PageData page = page("linux/arm64");

        assertThat(page.platforms()).containsExactly("linux/arm64");
        assertThat(page.rows().get(0).cells())
                .containsExactly(new PageCell(PageVerdict.DOES_NOT_RUN, "", "contains linux/amd64"));
        assertThat(page.rows().get(0).fix()).startsWith("build it for linux/arm64 too");
        assertThat(page.rows().get(1).verdict()).isEqualTo(PageVerdict.RUNS);
        assertThat(page.rows().get(1).cells().get(0).message()).contains("no node of it");
    }

    @Test
    void whatBuildingDoesNotFixHasNoFix() throws Exception {
        report(
                "shop",
                "chart:1",
                AMD64_ONLY.replace(
                        "reason: PlatformMissing, message: contains linux/amd64 only", "reason: NotAnImage"));

        assertThat(page().rows().get(0).fix()).isEmpty();
    }

    @Test
    void whatDoesNotExistIsNotFoundAndWhatIsPendingIsUndetermined() throws Exception {
        report("shop", "api:1", AMD64_ONLY);
        report("shop", "gone:1", "{verdict: NotFound, reason: NotFound, message: the tag does not exist}");
        report("shop", "new:1", "");

        assertThat(page().rows())
                .extracting(PageRow::verdict)
                .containsExactly(PageVerdict.DOES_NOT_RUN, PageVerdict.NOT_FOUND, PageVerdict.UNDETERMINED);
    }

    @Test
    void withoutPlatformsTheReportsVerdictCounts() throws Exception {
        report("shop", "chart:1", "{verdict: Incompatible, reason: NotAnImage}");
        report("shop", "gone:1", "{verdict: NotFound, reason: NotFound}");

        assertThat(page().platforms()).isEmpty();
        assertThat(page().rows())
                .extracting(PageRow::verdict)
                .containsExactlyInAnyOrder(PageVerdict.DOES_NOT_RUN, PageVerdict.NOT_FOUND);
    }

    private void report(String namespace, String image, String status) throws IOException {
        ImageReport report = new ImageReport();
        report.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName("r").build());
        report.setSpec(ImageReportSpec.of(image));
        report.setStatus(status.isEmpty() ? null : YAML.readValue(status, ImageReportStatus.class));
        reports.add(report);
    }

    private PageData page(String... platforms) {
        List<Platform> asked = List.of(platforms).stream().map(Platform::parse).toList();
        return ReportPage.of(ClusterSummary.of(reports, asked), "prod", Instant.EPOCH);
    }
}
