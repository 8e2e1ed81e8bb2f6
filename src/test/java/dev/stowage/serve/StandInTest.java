package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionAnswer;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.ServingCertificate;
import io.vertx.core.Vertx;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A certificate that only stands in for the one that the API server is told to trust. */
class StandInTest {

    private static final Duration LIFE = Duration.ofDays(1);

    private final Vertx vertx = Vertx.vertx();
    private final CertificateAuthority trusted = CertificateAuthority.create(Clock.systemUTC(), LIFE);
    private final Source source = new Source(issue(CertificateAuthority.create(Clock.systemUTC(), LIFE)));
    private final Serving serving = new Serving(
            vertx,
            new ServeParts(
                    ServerSettings.local(),
                    source,
                    (body, contentType) ->
                            CompletableFuture.completedFuture(new AdmissionAnswer(200, "application/json", body)),
                    List.of()));

    @AfterEach
    void close() throws Exception {
        serving.drain().get(20, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName(
            "fault 25: with a stand-in the server runs and says why it is not ready; then it serves the real one first")
    void standIn() throws Exception {
        int port = serving.start().get(20, TimeUnit.SECONDS);
        assertThat(serving.isReady()).isFalse();
        assertThat(serving.state().get("certificate")).contains("a stand-in; lacks the permission");
        source.becomes(issue(trusted));
        serving.ready().get(20, TimeUnit.SECONDS);
        HttpResponse<String> answer = new TestClient(port, trusted, Version.HTTP_2).post("{}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(serving.state().get("certificate"))
                .isEqualTo("valid until " + source.current().notAfter());
    }

    @Test
    @DisplayName("a change is served when the source calls, not only at the next look")
    void served() throws Exception {
        source.becomes(issue(trusted));
        serving.start().get(20, TimeUnit.SECONDS);
        serving.ready().get(20, TimeUnit.SECONDS);
        ServingCertificate next = trusted.issue(List.of("127.0.0.1"), Clock.systemUTC(), LIFE.dividedBy(2));
        source.becomes(next);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!serving.certificateEnd().equals(Optional.of(next.notAfter()))) {
            assertThat(System.nanoTime()).as("sooner than the look each 15 s").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static ServingCertificate issue(CertificateAuthority authority) {
        return authority.issue(List.of("127.0.0.1"), Clock.systemUTC(), LIFE);
    }

    /** Not ready until it is told to be. */
    private static final class Source implements CertificateSource {

        private volatile ServingCertificate current;
        private volatile boolean ready;
        private volatile Runnable listener = () -> {};

        Source(ServingCertificate standIn) {
            current = standIn;
        }

        void becomes(ServingCertificate certificate) {
            current = certificate;
            ready = true;
            listener.run();
        }

        @Override
        public ServingCertificate current() {
            return current;
        }

        @Override
        public Optional<String> caPem() {
            return Optional.empty();
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public Optional<String> problem() {
            return ready ? Optional.empty() : Optional.of("lacks the permission");
        }

        @Override
        public void onChange(Runnable toCall) {
            listener = toCall;
        }
    }
}
