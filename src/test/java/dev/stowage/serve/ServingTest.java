package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.admission.AdmissionAnswer;
import dev.stowage.testing.TravelClock;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.ServingCertificate;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingTest {

    private static final List<String> NAMES = List.of("127.0.0.1");

    private final Vertx vertx = Vertx.vertx();
    private final AtomicBoolean synced = new AtomicBoolean();
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger status = new AtomicInteger(200);

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName(
            "it is ready when its prerequisites are met and the request path is warm, and no longer when it drains")
    void readiness() throws Exception {
        Serving serving = new Serving(vertx, parts(new OwnCertificate(NAMES, Clock.systemUTC())));
        assertThat(new ReadyCheck(serving).call().getStatus()).isEqualTo(Status.DOWN);
        serving.start().get(20, TimeUnit.SECONDS);
        assertThat(serving.isReady()).isFalse();
        assertThat(seen).as("reviews before the prerequisites are met").isEmpty();
        assertThat(serving.state()).containsEntry("nodes", "waiting").containsEntry("warm-up", "waiting");

        synced.set(true);
        serving.ready().get(20, TimeUnit.SECONDS);

        assertThat(new ReadyCheck(serving).call().getStatus()).isEqualTo(Status.UP);
        assertThat(seen.peek()).contains("\"uid\":\"warm-up\"").contains("\"dryRun\":true");
        serving.drain().get(20, TimeUnit.SECONDS);
        assertThat(new ReadyCheck(serving).call().getStatus()).isEqualTo(Status.DOWN);
        assertThat(serving.state()).containsEntry("server", "draining");
    }

    @Test
    @DisplayName("a handler that cannot answer the first review keeps it from being ready until it can")
    void coldHandler() throws Exception {
        synced.set(true);
        status.set(503);
        Serving serving = new Serving(vertx, parts(new OwnCertificate(NAMES, Clock.systemUTC())));
        serving.start().get(20, TimeUnit.SECONDS);
        while (seen.size() < 2) {
            Thread.onSpinWait();
        }
        assertThat(serving.isReady()).isFalse();
        status.set(200);
        serving.ready().get(20, TimeUnit.SECONDS);
        serving.drain().get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("fault 30: a certificate that is missing or rubbish at the start is said to be")
    void noCertificate(@TempDir Path folder) throws Exception {
        Path chain = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        Serving serving = new Serving(vertx, parts(new GivenCertificate(chain, key)));
        assertThatThrownBy(serving::start)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("tls.crt");
        Files.writeString(chain, "rubbish");
        Files.writeString(key, "rubbish");
        assertThatThrownBy(serving::start).isInstanceOf(InvalidPemException.class);
    }

    @Test
    @DisplayName("fault 30: another certificate in the files is served without a restart, rubbish is not")
    void takesUpCertificate(@TempDir Path folder) throws Exception {
        synced.set(true);
        ServingCertificate first = write(folder);
        Serving serving =
                new Serving(vertx, parts(new GivenCertificate(folder.resolve("tls.crt"), folder.resolve("tls.key"))));
        int port = serving.start().get(20, TimeUnit.SECONDS);
        assertThat(servedAt(port)).isEqualTo(first.certificate());

        Files.writeString(folder.resolve("tls.crt"), "rubbish");
        look(serving);
        assertThat(servedAt(port)).isEqualTo(first.certificate());
        assertThat(serving.state().get("certificate")).endsWith("the new one contains no certificate");

        ServingCertificate second = write(folder);
        look(serving);
        assertThat(servedAt(port)).isEqualTo(second.certificate());
        assertThat(serving.certificateEnd()).contains(second.notAfter());
        assertThat(serving.state().get("certificate")).doesNotContain("rubbish", "the new one");
        serving.drain().get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("files that change give another certificate")
    void givenFilesChange(@TempDir Path folder) throws Exception {
        GivenCertificate given = new GivenCertificate(folder.resolve("tls.crt"), folder.resolve("tls.key"));
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
        OwnCertificate own = new OwnCertificate(NAMES, clock);
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

    private static void look(Serving serving) throws Exception {
        serving.lookAtCertificate()
                .otherwiseEmpty()
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    /** Whatever it is: nothing is trusted here, it is only looked at. */
    private static Certificate servedAt(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static ServingCertificate write(Path folder) throws Exception {
        CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), Duration.ofDays(2));
        ServingCertificate serving = authority.issue(NAMES, Clock.systemUTC(), Duration.ofDays(1));
        Files.writeString(folder.resolve("tls.crt"), serving.chainPem());
        Files.writeString(folder.resolve("tls.key"), serving.keyPem());
        return serving;
    }

    private ServeParts parts(CertificateSource certificates) {
        ReviewHandler reviews = (body, contentType) -> {
            seen.add(new String(body, StandardCharsets.UTF_8));
            return CompletableFuture.completedFuture(
                    new AdmissionAnswer(status.get(), "application/json", new byte[0]));
        };
        return new ServeParts(
                ServerSettings.local(),
                certificates,
                reviews,
                List.of(new Prerequisite("nodes", synced::get, () -> synced.get() ? "current" : "waiting")));
    }
}
