package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.testing.TravelClock;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.ServingCertificate;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateReloaderTest {

    private static final List<String> NAMES = List.of("127.0.0.1");

    @Test
    @DisplayName("a certificate that is missing or rubbish at the start stops it")
    void noCertificate(@TempDir Path folder) throws Exception {
        Path chain = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        FileCertificate given = new FileCertificate(chain, key);
        assertThatThrownBy(() -> new CertificateReloader(given))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("tls.crt");
        Files.writeString(chain, "rubbish");
        Files.writeString(key, "rubbish");
        assertThatThrownBy(() -> new CertificateReloader(given)).isInstanceOf(InvalidPemException.class);
    }

    @Test
    @DisplayName("another certificate in the files is served without a restart, rubbish is not")
    void takesUpCertificate(@TempDir Path folder) throws Exception {
        ServingCertificate first = write(folder);
        CertificateReloader reloader =
                new CertificateReloader(new FileCertificate(folder.resolve("tls.crt"), folder.resolve("tls.key")));
        assertThat(served(reloader)).isEqualTo(first.certificate());

        Files.writeString(folder.resolve("tls.crt"), "rubbish");
        reloader.reload();
        assertThat(served(reloader)).isEqualTo(first.certificate());
        assertThat(reloader.state()).endsWith("the new one contains no certificate");

        ServingCertificate second = write(folder);
        reloader.reload();
        assertThat(served(reloader)).isEqualTo(second.certificate());
        assertThat(reloader.expiry()).isEqualTo(second.notAfter());
        assertThat(reloader.state()).doesNotContain("rubbish", "the new one");
    }

    private static X509Certificate served(CertificateReloader reloader) {
        ReloadableKeyManager keys = reloader.keyManager();
        return keys.getCertificateChain(keys.chooseServerAlias("EC", null, null))[0];
    }

    @Test
    @DisplayName("files that change give another certificate")
    void givenFilesChange(@TempDir Path folder) throws Exception {
        FileCertificate given = new FileCertificate(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        ServingCertificate first = write(folder);
        assertThat(given.current().certificate()).isEqualTo(first.certificate());
        ServingCertificate second = write(folder);
        assertThat(given.current().certificate()).isEqualTo(second.certificate());
        assertThat(given.caPem()).isEmpty();
    }

    @Test
    @DisplayName("an own certificate is renewed in time, below the same authority as long as that lasts")
    void ownCertificateIsRenewed() {
        TravelClock clock = new TravelClock(Instant.parse("2030-01-01T00:00:00Z"));
        SelfSignedCertificate own = new SelfSignedCertificate(NAMES, clock);
        ServingCertificate first = own.current();
        String authority = own.caPem().orElseThrow();
        clock.travel(Duration.ofDays(59));
        assertThat(own.current().certificate()).isEqualTo(first.certificate());
        clock.travel(Duration.ofDays(2));
        assertThat(own.current().certificate()).isNotEqualTo(first.certificate());
        assertThat(own.caPem()).contains(authority);
        clock.travel(Duration.ofDays(4 * 365));
        own.current();
        assertThat(own.caPem().orElseThrow()).endsWith(authority).isNotEqualTo(authority);
    }

    private static ServingCertificate write(Path folder) throws Exception {
        CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), Duration.ofDays(2));
        ServingCertificate serving = authority.issue(NAMES, Clock.systemUTC(), Duration.ofDays(1));
        Files.writeString(folder.resolve("tls.crt"), serving.chainPem());
        Files.writeString(folder.resolve("tls.key"), serving.keyPem());
        return serving;
    }
}
