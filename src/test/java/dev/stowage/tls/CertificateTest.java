package dev.stowage.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.testing.TravelClock;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateTest {

    private static final Duration LONG = Duration.ofDays(1825);
    private static final Duration SHORT = Duration.ofDays(90);
    private static final List<String> NAMES = List.of("stowage.stowage.svc", "localhost", "127.0.0.1", "::1");

    private final TravelClock clock = new TravelClock(Instant.now());
    private final CertificateAuthority authority = CertificateAuthority.create(clock, LONG);

    @Test
    @DisplayName("a client that trusts the authority trusts what it issued")
    void chainIsTrusted() throws Exception {
        ServingCertificate serving = authority.issue(NAMES, clock, SHORT);
        trustManager(authority).checkServerTrusted(new X509Certificate[] {serving.certificate()}, "ECDHE_ECDSA");
        assertThat(serving.certificate().getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(serving.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(serving.certificate().getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    @DisplayName("a client that trusts another authority does not")
    void strangerIsNotTrusted() throws Exception {
        ServingCertificate serving = authority.issue(NAMES, clock, SHORT);
        X509TrustManager stranger = trustManager(CertificateAuthority.create(clock, LONG));
        assertThatThrownBy(
                        () -> stranger.checkServerTrusted(new X509Certificate[] {serving.certificate()}, "ECDHE_ECDSA"))
                .isInstanceOf(java.security.cert.CertificateException.class);
    }

    @Test
    @DisplayName("names are DNS names and addresses in any spelling")
    void namesAreCovered() {
        ServingCertificate serving = authority.issue(NAMES, clock, SHORT);
        assertThat(serving.covers(NAMES)).isTrue();
        assertThat(serving.covers(List.of("STOWAGE.stowage.svc", "0:0:0:0:0:0:0:1")))
                .isTrue();
        assertThat(serving.covers(List.of("stowage.other.svc"))).isFalse();
        assertThat(serving.covers(List.of("127.0.0.2"))).isFalse();
    }

    @Test
    @DisplayName("a certificate without names is refused")
    void nameless() {
        assertThatIllegalArgumentException().isThrownBy(() -> authority.issue(List.of(), clock, SHORT));
    }

    @Test
    @DisplayName("what was written as PEM reads the same")
    void pemRoundTrip() throws Exception {
        CertificateAuthority read = CertificateAuthority.parse(authority.certificatePem(), authority.keyPem());
        assertThat(read.certificate()).isEqualTo(authority.certificate());
        ServingCertificate serving = read.issue(NAMES, clock, SHORT);
        ServingCertificate again = ServingCertificate.parse(serving.chainPem(), serving.keyPem());
        assertThat(again.certificate()).isEqualTo(serving.certificate());
        assertThat(again.isIssuedBy(authority)).isTrue();
        assertThat(again.keyPem()).isEqualTo(serving.keyPem());
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                "rubbish",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n",
                "\u0000\u0001\uffff"
            })
    @DisplayName("garbage instead of a certificate is said to be that")
    void rubbish(String text) {
        assertThatThrownBy(() -> ServingCertificate.parse(text, authority.keyPem()))
                .isInstanceOf(InvalidPemException.class)
                .hasMessageStartingWith("contains ");
        assertThatThrownBy(() -> CaBundle.parse(text)).isInstanceOf(InvalidPemException.class);
    }

    @Test
    @DisplayName("the key of another certificate is refused, and the message does not hold it")
    void keyOfAnother() {
        String key = CertificateAuthority.create(clock, LONG).keyPem();
        assertThatThrownBy(() -> CertificateAuthority.parse(authority.certificatePem(), key))
                .isInstanceOf(InvalidPemException.class)
                .hasMessage("contains a private key that does not belong to the certificate");
    }

    @Test
    @DisplayName("a serving certificate is not an authority")
    void leafIsNoAuthority() {
        ServingCertificate serving = authority.issue(NAMES, clock, SHORT);
        assertThatThrownBy(() -> CertificateAuthority.parse(serving.chainPem(), serving.keyPem()))
                .isInstanceOf(InvalidPemException.class)
                .hasMessageContaining("not a CA's");
    }

    @Test
    @DisplayName("a bundle keeps the old authority next to the new one until it ends")
    void bundleKeepsTheOld() throws Exception {
        CaBundle bundle = CaBundle.EMPTY.with(authority);
        clock.travel(LONG.dividedBy(2));
        CertificateAuthority next = CertificateAuthority.create(clock, LONG);
        bundle = bundle.with(next).with(next);
        assertThat(CaBundle.parse(bundle.toPem()).certificates())
                .containsExactly(next.certificate(), authority.certificate());
        clock.travel(LONG.dividedBy(2).plusSeconds(1));
        assertThat(bundle.withoutExpired(clock).certificates()).containsExactly(next.certificate());
    }

    private static X509TrustManager trustManager(CertificateAuthority authority) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
