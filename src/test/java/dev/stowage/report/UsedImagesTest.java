package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.admission.ReportedImage;
import dev.stowage.admission.ReportedImage.Finding;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.api.ImageReportStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reports say for previews. */
class UsedImagesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String FRESH = "checkedTime: '2026-11-24T02:00:00Z', ";
    private static final String USED = "usedByTotal: 1, usedBy: [{kind: Deployment, name: web, container: app}], ";

    @ParameterizedTest
    @CsvSource({
        "Compatible, Runs, RUNS",
        "Incompatible, PlatformMissing, DOES_NOT_RUN",
        "NotFound, NotFound, NOT_FOUND",
        "Unresolved, Unauthorized, UNRESOLVED",
        "Unresolved, NodeDependent, UNCERTAIN",
        "Unresolved, NoNodes, UNKNOWN",
        "Unresolved, FromANewerVersion, UNKNOWN",
        "FromANewerVersion, Runs, UNKNOWN"
    })
    void verdicts(String verdict, String reason, Finding finding) throws Exception {
        assertThat(of(report("web:1", FRESH + USED + "verdict: " + verdict + ", reason: " + reason)))
                .extracting(ReportedImage::finding)
                .containsExactly(finding);
    }

    @Test
    @DisplayName("nothing is known of what was not checked for a day, nor of what was never checked")
    void stale() throws Exception {
        String old = "checkedTime: '2026-11-23T02:00:00Z', ";
        assertThat(of(report("web:1", old + USED + "verdict: Compatible")))
                .extracting(ReportedImage::finding)
                .containsExactly(Finding.UNKNOWN);
        assertThat(of(report("web:1", USED + "verdict: Incompatible")))
                .extracting(ReportedImage::finding)
                .containsExactly(Finding.UNKNOWN);
        assertThat(of(report("web:1", ""))).extracting(ReportedImage::finding).containsExactly(Finding.UNKNOWN);
    }

    @Test
    @DisplayName("an image that nothing uses does not count, one that only opted-out pods use is not denied")
    void users() throws Exception {
        assertThat(of(report("web:1", FRESH + "verdict: Incompatible, usedByTotal: 0")))
                .isEmpty();

        String both = "usedBy: [{kind: Job, name: a, mode: 'off'}, {kind: DaemonSet, name: b}], usedByTotal: 2, ";
        assertThat(of(report("web:1", FRESH + both + "verdict: Incompatible, about: [does not run, used by b]")))
                .containsExactly(new ReportedImage(
                        "web:1", Finding.DOES_NOT_RUN, "does not run", List.of("DaemonSet/b"), true, false));

        String one = "usedBy: [{kind: Job, name: a, mode: 'off'}], usedByTotal: ";
        assertThat(of(report("web:1", FRESH + one + "1, verdict: Incompatible")))
                .extracting(ReportedImage::finding)
                .containsExactly(Finding.OPTED_OUT);
        assertThat(of(report("web:1", FRESH + one + "20, verdict: Incompatible")))
                .describedAs("others are not listed")
                .extracting(ReportedImage::finding)
                .containsExactly(Finding.DOES_NOT_RUN);
    }

    private static List<ReportedImage> of(ImageReport report) {
        return UsedImages.of(List.of(report), NOW);
    }

    private static ImageReport report(String image, String status) throws Exception {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName("one")
                .withNamespace("shop")
                .addToLabels(ImageReport.MANAGED_BY_LABEL, ImageReport.MANAGED_BY)
                .build());
        report.setSpec(ImageReportSpec.of(image));
        report.setStatus(new ObjectMapper(new YAMLFactory()).readValue("{" + status + "}", ImageReportStatus.class));
        return report;
    }
}
