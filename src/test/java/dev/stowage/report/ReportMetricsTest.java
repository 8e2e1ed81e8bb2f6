package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.api.ImageReportStatusBuilder;
import dev.stowage.testing.MetricsTable;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReportMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    @DisplayName("what tenants write into reports never becomes a label")
    void labelsAreBounded() {
        List<ImageReport> reports = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            reports.add(report("evil/image-" + i, "Verdict-" + i));
        }
        reports.add(report("good/image", "Compatible"));
        ReportMetrics metrics = new ReportMetrics(meters);
        metrics.showReports(() -> reports);

        assertThat(meters.getMeters()).hasSizeLessThan(50);
        assertThat(meters.getMeters().stream()
                        .map(Meter::getId)
                        .flatMap(id -> id.getTags().stream())
                        .map(Tag::getValue))
                .noneMatch(value -> value.contains("evil") || value.contains("Verdict"));
        assertThat(reports("Pending")).isEqualTo(1_000);
        assertThat(reports("Compatible")).isEqualTo(1);
    }

    @Test
    @DisplayName("every meter is named as documented")
    void isDocumented() {
        ReportMetrics metrics = new ReportMetrics(meters);
        metrics.showReports(List::of);
        metrics.showQueue("scans", this, self -> 0);
        metrics.showOmitted(this, self -> 0);
        metrics.showLeader(this, self -> 0);

        assertThat(MetricsTable.of(meters)).isEqualTo(MetricsTable.documented("stowage_report", ""));
    }

    private double reports(String verdict) {
        return meters.get("stowage.reports").tag("verdict", verdict).gauge().value();
    }

    private static ImageReport report(String image, String verdict) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder().withName("r").build());
        report.setSpec(ImageReportSpec.of(image));
        report.setStatus(ImageReportStatusBuilder.builder().verdict(verdict).build());
        return report;
    }
}
