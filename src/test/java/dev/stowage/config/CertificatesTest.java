package dev.stowage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.testing.FakeRegistryCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {

    private static final X509Certificate ONE = new FakeRegistryCertificates().authority();
    private static final X509Certificate OTHER = new FakeRegistryCertificates().authority();

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();

    private static String pem(X509Certificate certificate) {
        try {
            return FakeRegistryCertificates.pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path file(String text) throws IOException {
        return Files.write(folder.resolve("ca.crt"), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Settings settings(String yaml) {
        return Settings.of(
                new ConfigLoader(Map.of()).parse("test", "stowage: " + yaml), "test", Settings.Place.CLUSTER, Map.of());
    }

    @Test
    @DisplayName("a bundle of a distribution: comments in any encoding, other blocks, a broken certificate")
    void bundle() throws IOException {
        Path file = file("# Autoridad Certificación\n\n=====\n" + pem(ONE)
                + FakeRegistryCertificates.pem("X509 CRL", new byte[] {1, 2})
                + FakeRegistryCertificates.pem("TRUSTED CERTIFICATE", new byte[] {1, 2})
                + FakeRegistryCertificates.pem("CERTIFICATE", new byte[] {48, 3, 2, 1, 0})
                + "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"
                + "# another\r\n" + pem(OTHER).replace("\n", "\r\n")
                + "-----BEGIN CERTIFICATE-----\nMIIB");

        assertThat(Certificates.read(file.toString()))
                .isEqualTo(new Certificates(Optional.of(file), List.of(ONE, OTHER)));
    }

    @Test
    @DisplayName("trustedCa as PEM, and as a file")
    void bothForms() throws IOException {
        String indented = pem(ONE).indent(4);

        assertThat(settings("\n  trustedCa: |\n" + indented)
                        .registries()
                        .trusted()
                        .current())
                .containsExactly(ONE);
        assertThat(settings("{trustedCa: " + file(pem(ONE) + pem(OTHER)) + "}")
                        .registries()
                        .trusted()
                        .current())
                .containsExactly(ONE, OTHER);
        assertThat(settings("{}").registries().trusted().current()).isEmpty();
    }

    @Test
    @DisplayName("a file that is not there or has no certificate is refused with key, path and fix")
    void refused() throws IOException {
        assertThatThrownBy(() -> settings("{trustedCa: /no/such/file}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining(
                        "stowage.trustedCa: \"/no/such/file\" is not a file that can be read: it does not exist;"
                                + " allowed: the path of a file of certificates in PEM");
        Path empty = file("# nothing but words\n");
        assertThatThrownBy(() -> settings("{trustedCa: " + empty + "}"))
                .hasMessageContaining(
                        "stowage.trustedCa: \"" + empty + "\" contains no certificate; it needs at least one");
        assertThatThrownBy(() -> settings("{trustedCa: " + folder + "}"))
                .hasMessageContaining("is not a file that can be read");
        assertThatThrownBy(() -> settings("\n  trustedCa: |\n"
                        + FakeRegistryCertificates.pem("CERTIFICATE", new byte[9000])
                                .indent(4)))
                .hasMessageContaining("…\" contains no certificate")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
    }

    @Test
    @DisplayName("a file without permission says so; as root there is none, so by the exception that others get")
    void noPermission() {
        assertThat(Certificates.reason(new AccessDeniedException("/etc/ca.pem")))
                .contains("has no permission to read it");
    }

    @Test
    @DisplayName("a file is read again when it has changed, at most every 15 s; what is not valid changes nothing")
    void readAgain() throws IOException {
        Path file = file(pem(ONE));
        WatchedAuthorities authorities = new WatchedAuthorities("trustedCa", file, List.of(ONE), nanos::get);
        List<X509Certificate> first = authorities.current();

        replace(pem(ONE) + pem(OTHER));
        assertThat(authorities.current()).isSameAs(first);
        pass(WatchedAuthorities.PERIOD);
        assertThat(authorities.current()).containsExactly(ONE, OTHER);

        replace("nothing");
        pass(WatchedAuthorities.PERIOD);
        assertThat(authorities.current()).containsExactly(ONE, OTHER);
        Files.delete(file);
        pass(WatchedAuthorities.PERIOD);
        assertThat(authorities.current()).containsExactly(ONE, OTHER);
        file(pem(OTHER));
        pass(WatchedAuthorities.PERIOD);
        assertThat(authorities.current()).containsExactly(OTHER);
    }

    @Test
    @DisplayName("a file that has not changed gives the same list, so that clients are kept")
    void unchanged() throws IOException {
        Path file = file(pem(ONE));
        WatchedAuthorities authorities = new WatchedAuthorities("trustedCa", file, List.of(ONE), nanos::get);
        List<X509Certificate> first = authorities.current();

        pass(WatchedAuthorities.PERIOD);
        replace(pem(ONE));
        pass(WatchedAuthorities.PERIOD);

        assertThat(authorities.current()).isSameAs(first);
    }

    /** As a kubelet changes a mounted ConfigMap: another file behind the same name. */
    private void replace(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, folder.resolve("ca.crt"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private void pass(Duration time) {
        nanos.addAndGet(TimeUnit.NANOSECONDS.convert(time));
    }

    @Test
    @DisplayName("a bundle of 140 authorities")
    void many() throws IOException {
        Path file = file(String.join("\n", Collections.nCopies(140, pem(ONE))));

        assertThat(Certificates.read(file.toString()).all()).hasSize(140);
    }
}
