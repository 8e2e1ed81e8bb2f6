package dev.stowage.tls.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.MetricsTable;
import dev.stowage.tls.Renewal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class CertificateMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CertificateMetrics metrics = new CertificateMetrics(meters);

    @Test
    void everyMeterIsThereBeforeAnythingHappened() {
        assertThat(meters.getMeters()).hasSize(5);
        assertThat(MetricsTable.of(meters))
                .isEqualTo(MetricsTable.documented("stowage_tls_", "stowage_tls_certificate_expiry_timestamp_seconds"));
    }

    @Test
    void eachEventCountsOnce() {
        metrics.renewed(Renewal.AUTHORITY);
        metrics.renewed(Renewal.CERTIFICATE);
        metrics.renewed(Renewal.CERTIFICATE);
        metrics.healed();
        metrics.published(false);
        metrics.published(true);
        metrics.pathPublished(false);
        metrics.pathPublished(true);
        assertThat(count(CertificateMetrics.RENEWALS, "type", "ca")).isEqualTo(1);
        assertThat(count(CertificateMetrics.RENEWALS, "type", "certificate")).isEqualTo(2);
        assertThat(count(CertificateMetrics.SECRET_REPAIRS)).isEqualTo(1);
        assertThat(count(CertificateMetrics.BUNDLE_REPAIRS)).isEqualTo(1);
        assertThat(count(CertificateMetrics.PATH_REPAIRS)).isEqualTo(1);
    }

    private double count(String name, String... tags) {
        return meters.get(name).tags(tags).counter().count();
    }
}
