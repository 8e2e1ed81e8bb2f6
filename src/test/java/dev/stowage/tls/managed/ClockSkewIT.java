package dev.stowage.tls.managed;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.TravelClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replicas whose clocks are apart share one Secret in a real API server. */
@RequiresApiServer
@OneKubernetesVersion
class ClockSkewIT {

    private final TravelClock clock = new TravelClock(Instant.now());
    private CertificateStage stage;

    @BeforeEach
    void open() {
        stage = new CertificateStage();
        stage.createWebhook();
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    @ParameterizedTest(name = "{0} and {1} hours")
    @CsvSource({"6, -6", "9, -9", "0, 18", "-18, 0"})
    @DisplayName("hours apart: in each period of a certificate one of them renews it, and the other agrees")
    void hoursApart(int one, int two) {
        List<SharedCertificate> replicas = List.of(start(Duration.ofHours(one)), start(Duration.ofHours(two)));
        // A certificate of 9 days is due after 6, an authority of 30 days after 20.
        int days = 30;
        for (int halfDay = 0; halfDay < 2 * days; halfDay++) {
            clock.travel(Duration.ofHours(12));
            replicas.forEach(SharedCertificate::reconcile);
            replicas.forEach(SharedCertificate::reconcile);
        }

        assertThat(stage.observed.authorities)
                .as("the first, and one after 20 days")
                .hasValueLessThanOrEqualTo(2);
        assertThat(stage.observed.certificates)
                .as("the first, one every 6 days, and one of the new authority")
                .hasValueLessThanOrEqualTo(1 + days / 6 + 1);
        assertThat(stage.observed.repaired).hasValue(0);
        assertThat(replicas.get(0).current().certificate())
                .isEqualTo(replicas.get(1).current().certificate());
    }

    @Test
    @DisplayName("years apart: they do not renew against each other, and say what is wrong")
    void yearsApart() {
        SharedCertificate one = start(Duration.ZERO);
        SharedCertificate past = start(Duration.ofDays(-20_000));
        for (int i = 0; i < 20; i++) {
            one.reconcile();
            past.reconcile();
        }

        assertThat(stage.observed.authorities).hasValueLessThanOrEqualTo(3);
        assertThat(stage.observed.certificates).hasValueLessThanOrEqualTo(3);
        assertThat(past.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("clocks are more than 20 hours apart"));
    }

    private SharedCertificate start(Duration offset) {
        SharedCertificate replica = stage.startReady(Clock.offset(clock, offset));
        await("ready", replica::isReady);
        return replica;
    }
}
