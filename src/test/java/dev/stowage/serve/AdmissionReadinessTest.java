package dev.stowage.serve;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.ServingCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What has to be there before reviews are sent here. */
class AdmissionReadinessTest {

    private static final Duration LIFE = Duration.ofDays(1);

    private final AtomicBoolean synced = new AtomicBoolean(true);
    private final AtomicBoolean warm = new AtomicBoolean(true);
    private final AtomicInteger warmUps = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();
    private final CertificateAuthority trusted = CertificateAuthority.create(Clock.systemUTC(), LIFE);
    private final Source source = new Source(issue(trusted));

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private AdmissionReadiness start(CertificateReloader reloader) {
        reloader.start(vertx);
        AdmissionReadiness readiness = new AdmissionReadiness(
                List.of(new ReadinessCondition("nodes", synced::get, () -> synced.get() ? "current" : "waiting")),
                reloader,
                () -> {
                    warmUps.incrementAndGet();
                    return warm.get() ? Future.succeededFuture() : Future.failedFuture("answered with 503");
                });
        readiness.start(vertx);
        return readiness;
    }

    @Test
    @DisplayName("it is ready when its prerequisites are met and the request path is warm")
    void prerequisites() throws Exception {
        synced.set(false);
        source.becomes(issue(trusted));
        AdmissionReadiness readiness = start(new CertificateReloader(source));
        assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
        assertThat(readiness.state()).containsEntry("nodes", "waiting").containsEntry("warm-up", "waiting");
        assertThat(warmUps).as("warm-ups before the prerequisites are met").hasValue(0);

        synced.set(true);
        readiness.ready().get(20, TimeUnit.SECONDS);
        assertThat(readiness.call().getStatus()).isEqualTo(Status.UP);
        assertThat(warmUps).hasValue(1);

        synced.set(false);
        assertThat(readiness.call().getStatus()).as("what was ready once").isEqualTo(Status.UP);
        assertThat(readiness.state()).containsEntry("nodes", "waiting");
    }

    @Test
    @DisplayName(
            "the process ends before it is ready: the closed parts are not used any more, and nothing is logged as an error")
    void endsBeforeItIsReady() throws Exception {
        synced.set(false);
        source.becomes(issue(trusted));
        AtomicInteger checks = new AtomicInteger();
        CertificateReloader reloader = new CertificateReloader(source);
        reloader.start(vertx);
        AdmissionReadiness readiness = new AdmissionReadiness(
                List.of(new ReadinessCondition("nodes", () -> checks.incrementAndGet() < 0, () -> "waiting")),
                reloader,
                Future::succeededFuture);
        readiness.start(vertx);
        await("a check", () -> checks.get() > 0);

        CompletableFuture<Integer> closed = new CompletableFuture<>();
        // on the timer's own thread, so that no check is under way
        vertx.setTimer(1, timer -> {
            readiness.close();
            closed.complete(checks.get());
        });
        int before = closed.get(20, TimeUnit.SECONDS);
        CompletableFuture<Void> later = new CompletableFuture<>();
        vertx.setTimer(200, timer -> later.complete(null));
        later.get(20, TimeUnit.SECONDS);

        assertThat(checks).hasValue(before);
        assertThat(readiness.ready()).isNotDone();
    }

    @Test
    @DisplayName("a warm-up that fails keeps it from being ready until one succeeds")
    void coldHandler() throws Exception {
        warm.set(false);
        source.becomes(issue(trusted));
        AdmissionReadiness readiness = start(new CertificateReloader(source));
        await("another warm-up", () -> warmUps.get() >= 2);
        assertThat(readiness.state()).containsEntry("warm-up", "answered with 503");
        assertThat(readiness.ready()).isNotDone();
        warm.set(true);
        readiness.ready().get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName(
            "with a temporary certificate it runs and says why it is not ready; then it serves the real certificate first")
    void standIn() throws Exception {
        CertificateReloader reloader = new CertificateReloader(source);
        AdmissionReadiness readiness = start(reloader);
        assertThat(readiness.ready()).isNotDone();
        assertThat(readiness.state().get("certificate")).contains("temporary; lacks the right");
        ServingCertificate real = trusted.issue(List.of("127.0.0.1"), Clock.systemUTC(), LIFE.dividedBy(2));
        source.becomes(real);
        readiness.ready().get(20, TimeUnit.SECONDS);
        assertThat(reloader.expiry()).isEqualTo(real.notAfter());
        assertThat(readiness.state().get("certificate")).isEqualTo("valid until " + real.notAfter());
    }

    @Test
    @DisplayName("a change is served when the source calls, not only at the next look")
    void served() throws Exception {
        source.becomes(issue(trusted));
        CertificateReloader reloader = new CertificateReloader(source);
        start(reloader);
        ServingCertificate next = trusted.issue(List.of("127.0.0.1"), Clock.systemUTC(), LIFE.dividedBy(2));
        source.becomes(next);
        await(
                "the next certificate",
                Duration.ofSeconds(10),
                () -> "sooner than the look each 15 s",
                () -> reloader.expiry().equals(next.notAfter()));
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
            return ready ? Optional.empty() : Optional.of("lacks the right");
        }

        @Override
        public void onChange(Runnable toCall) {
            listener = toCall;
        }
    }
}
