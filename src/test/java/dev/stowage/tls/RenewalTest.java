package dev.stowage.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.TravelClock;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalTest {

    private static final Duration AUTHORITY_LIFE = Duration.ofDays(300);
    private static final Duration LIFE = Duration.ofDays(90);
    private static final List<String> NAMES = List.of("stowage.stowage.svc");

    private final TravelClock clock = new TravelClock(Instant.parse("2030-01-01T00:00:00Z"));
    private final CertificateAuthority authority = CertificateAuthority.create(clock, AUTHORITY_LIFE);
    private final ServingCertificate serving = authority.issue(NAMES, clock, LIFE);

    @ParameterizedTest(name = "after {0} days: {1}")
    @CsvSource({"0, NONE", "59, NONE", "60, CERTIFICATE", "90, CERTIFICATE", "199, CERTIFICATE", "200, AUTHORITY"})
    @DisplayName("each is renewed when two thirds of its life are over")
    void twoThirds(int days, Renewal expected) {
        clock.travel(Duration.ofDays(days));
        assertThat(decide(Optional.of(authority), Optional.of(serving))).isEqualTo(expected);
    }

    @Test
    @DisplayName("what is missing is made")
    void missing() {
        assertThat(decide(Optional.empty(), Optional.empty())).isEqualTo(Renewal.AUTHORITY);
        assertThat(decide(Optional.empty(), Optional.of(serving))).isEqualTo(Renewal.AUTHORITY);
        assertThat(decide(Optional.of(authority), Optional.empty())).isEqualTo(Renewal.CERTIFICATE);
    }

    @Test
    @DisplayName("another authority's certificate is replaced")
    void strangersCertificate() {
        ServingCertificate foreign =
                CertificateAuthority.create(clock, AUTHORITY_LIFE).issue(NAMES, clock, LIFE);
        assertThat(decide(Optional.of(authority), Optional.of(foreign))).isEqualTo(Renewal.CERTIFICATE);
    }

    @Test
    @DisplayName("a certificate that lacks a name is replaced")
    void lacksName() {
        assertThat(Renewal.decide(Optional.of(authority), Optional.of(serving), List.of("another.svc"), clock))
                .isEqualTo(Renewal.CERTIFICATE);
    }

    @Test
    @DisplayName("a certificate never outlives its authority")
    void neverOutlivesTheAuthority() {
        clock.travel(AUTHORITY_LIFE.minusDays(10));
        assertThat(authority.issue(NAMES, clock, LIFE).notAfter()).isEqualTo(authority.notAfter());
    }

    @ParameterizedTest(name = "a clock {0} hours off")
    @CsvSource({"-2", "2"})
    @DisplayName("what a pod makes whose clock is wrong is valid for everybody, and nobody renews it at once")
    void clockSkew(int hours) throws CertificateException {
        Instant truth = clock.instant();
        TravelClock wrong = new TravelClock(truth.plus(Duration.ofHours(hours)));
        CertificateAuthority made = CertificateAuthority.create(wrong, AUTHORITY_LIFE);
        ServingCertificate issued = made.issue(NAMES, wrong, LIFE);
        made.certificate().checkValidity(Date.from(truth));
        issued.certificate().checkValidity(Date.from(truth));
        assertThat(decide(Optional.of(made), Optional.of(issued))).isEqualTo(Renewal.NONE);
    }

    @Test
    @DisplayName("what has not begun by our clock is replaced")
    void notYetValid() {
        clock.travel(Duration.ofDays(-1));
        assertThat(decide(Optional.of(authority), Optional.of(serving))).isEqualTo(Renewal.AUTHORITY);
    }

    @Test
    @DisplayName("lifetimes of seconds work: a time-lapse of ten authorities is never without a valid chain")
    void timeLapse() throws CertificateException {
        Duration authorityLife = Duration.ofSeconds(90);
        Duration life = Duration.ofSeconds(27);
        CertificateAuthority current = CertificateAuthority.create(clock, authorityLife);
        ServingCertificate served = current.issue(NAMES, clock, life);
        CaBundle bundle = CaBundle.EMPTY.with(current);
        int authorities = 1;
        int certificates = 1;
        for (int second = 0; second < 600; second++) {
            clock.travel(Duration.ofSeconds(1));
            Renewal renewal = Renewal.decide(Optional.of(current), Optional.of(served), NAMES, clock);
            if (renewal == Renewal.AUTHORITY) {
                current = CertificateAuthority.create(clock, authorityLife);
                bundle = bundle.with(current).withoutExpired(clock);
                authorities++;
            }
            if (renewal != Renewal.NONE) {
                served = current.issue(NAMES, clock, life);
                certificates++;
            }
            served.certificate().checkValidity(Date.from(clock.instant()));
            assertThat(served.notAfter()).isBeforeOrEqualTo(current.notAfter());
            assertThat(bundle.certificates()).contains(current.certificate()).hasSizeLessThanOrEqualTo(2);
        }
        assertThat(authorities).as("authorities in 600 s, one each 60 s").isEqualTo(11);
        assertThat(certificates).as("certificates").isBetween(30, 60);
    }

    private Renewal decide(Optional<CertificateAuthority> authority, Optional<ServingCertificate> serving) {
        return Renewal.decide(authority, serving, NAMES, clock);
    }
}
