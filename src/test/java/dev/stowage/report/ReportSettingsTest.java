package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.ConfigLoader;
import dev.stowage.report.ReportSettings.LeaseSettings;
import dev.stowage.report.export.ExportFormat;
import dev.stowage.report.export.ExportSettings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReportSettingsTest {

    private static ReportSettings settings(String yaml) throws Exception {
        return ReportSettings.of(
                new ConfigLoader(Map.of()).parse("test", yaml), LeaseSettings.usual("stowage", "reports", "one"));
    }

    private static Optional<ExportSettings> export(String yaml) throws Exception {
        return settings(yaml).export();
    }

    @Test
    @DisplayName("as many images are scanned at a time as reports.maxConcurrentScans says")
    void scansAtATime() throws Exception {
        assertThat(settings("").maxConcurrentScans()).isEqualTo(8);
        assertThat(settings("stowage: {reports: {maxConcurrentScans: 32}}").maxConcurrentScans())
                .isEqualTo(32);
    }

    @Test
    @DisplayName("nothing is exported unless reports.export says where to")
    void export() throws Exception {
        assertThat(export("")).isEmpty();
        assertThat(export("stowage: {reports: {export: none}}")).isEmpty();
        assertThat(export("stowage: {reports: {export: openreports}}"))
                .map(ExportSettings::format)
                .contains(ExportFormat.OPENREPORTS);
        assertThat(export("stowage: {reports: {export: policyreport}}"))
                .map(ExportSettings::format)
                .contains(ExportFormat.POLICYREPORT);
    }

    @Test
    @DisplayName("the export knows the configured exemptions")
    void exemptions() throws Exception {
        assertThat(export("stowage: {reports: {export: openreports}, exemptions: {images: ['registry.example/*']}}")
                        .orElseThrow()
                        .policy()
                        .exemptions()
                        .includesImage("registry.example/web:1"))
                .isTrue();
    }
}
