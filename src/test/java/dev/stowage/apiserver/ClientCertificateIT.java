package dev.stowage.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.Reviews;
import dev.stowage.testing.TrustingClient;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built application where API servers show it a client certificate, met by real handshakes. */
@RequiresApiServer
class ClientCertificateIT {

    private static final Pattern AUTHORITY =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final byte[] DENIED =
            Reviews.create(Reviews.pod("main=r.example/UPPER:1")).bytes();
    private static final Duration LIFE = Duration.ofDays(1);

    private final CertificateAuthority clientCa = CertificateAuthority.create(Clock.systemUTC(), LIFE);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("a client of the configured CA is answered; without a certificate, or with another CA's, none is")
    void required() throws Exception {
        Path ca = Files.writeString(folder.resolve("client-ca.crt"), clientCa.certificatePem());
        try (ServedJar served =
                new ServedJar(ApiServer.shared(), folder, "{mode: self, clientCa: " + ca + "}", Map.of())) {
            String trusted = served.printed(AUTHORITY).group();
            served.awaitReady();

            assertThat(post(served.port, trusted, Optional.of(ofClient(clientCa))))
                    .contains("\"allowed\":false");
            CertificateAuthority other = CertificateAuthority.create(Clock.systemUTC(), LIFE);
            List<Optional<ServingCertificate>> refused = List.of(
                    Optional.empty(),
                    Optional.of(ofClient(other)),
                    // of the right CA, but a server's
                    Optional.of(clientCa.issue(List.of("front"), Clock.systemUTC(), LIFE)));
            for (Optional<ServingCertificate> certificate : refused) {
                assertThatThrownBy(() -> post(served.port, trusted, certificate))
                        .isInstanceOf(IOException.class);
            }
            assertThat(post(served.port, trusted, Optional.of(ofClient(clientCa))))
                    .as("afterwards")
                    .contains("\"allowed\":false");
        }
    }

    private static ServingCertificate ofClient(CertificateAuthority authority) {
        return authority.issueForClient(List.of("kube-apiserver"), Clock.systemUTC(), LIFE);
    }

    private static String post(int port, String trusted, Optional<ServingCertificate> certificate) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context(trusted, certificate))
                .build();
        return client.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/validate"))
                                .timeout(TrustingClient.PATIENCE)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(DENIED))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static SSLContext context(String trusted, Optional<ServingCertificate> certificate) throws Exception {
        KeyStore trust = emptyStore();
        trust.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(trusted.getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory trusting = TrustManagerFactory.getInstance("PKIX");
        trusting.init(trust);
        KeyManager[] keys = null;
        if (certificate.isPresent()) {
            KeyStore store = emptyStore();
            store.setKeyEntry(
                    "key",
                    certificate.get().key(),
                    new char[0],
                    certificate.get().chain().toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, new char[0]);
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trusting.getTrustManagers(), null);
        return context;
    }

    private static KeyStore emptyStore() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
