package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryCertificates;
import dev.stowage.testing.FakeRegistryServer.Handler;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries that fail: unreachable, silent, slow, rate limiting, wrong certificates, cancelled requests. */
class FaultsTest extends RegistryTesting {

    @Test
    @DisplayName("connection refused: Unavailable, and the reason says what to check")
    void connectionRefused() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        RegistryFailure failure = failure(ask(client(), new Repository("127.0.0.1:" + port, "a"), LONG));

        assertKind(failure, Kind.UNAVAILABLE);
        assertThat(failure.reason()).contains("connection refused").contains("127.0.0.1:" + port);
    }

    @Test
    @DisplayName("a name that does not resolve: Unavailable, and not tried again")
    void nameDoesNotResolve() {
        List<String> lookedUp = new CopyOnWriteArrayList<>();
        HttpRegistry client = client(RegistrySettings.DEFAULT, host -> {
            lookedUp.add(host);
            throw new UnknownHostException(host);
        });

        RegistryFailure failure = failure(ask(client, new Repository("registry.invalid", "a"), LONG));

        assertKind(failure, Kind.UNAVAILABLE);
        assertThat(failure.reason()).contains("registry.invalid does not resolve");
        assertThat(lookedUp).hasSize(1);
    }

    static Stream<Arguments> slowAnswers() {
        return Stream.of(
                Arguments.of("a byte at a time", FakeRegistryAnswer.drip(MediaTypes.OCI_INDEX)),
                Arguments.of("headers only", FakeRegistryAnswer.headersOnly()),
                Arguments.of("accepts and never answers", FakeRegistryAnswer.silence()));
    }

    @ParameterizedTest(name = "{0}: Timeout by the deadline, and the connection is let go")
    @MethodSource("slowAnswers")
    void slow(String name, Handler answer) throws InterruptedException {
        fake.on("/v2/slow/.*", answer);
        serveGood();
        HttpRegistry client = client();

        long start = System.nanoTime();
        RegistryFailure failure = failure(ask(client, fake.repository("slow"), SHORT));

        assertKind(failure, Kind.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(fake.server().awaitHangUps(1)).isTrue();
        found(ask(client, fake.repository("good"), LONG));
    }

    @Test
    @DisplayName("a server that takes the connection and never shakes hands: Timeout, connection let go")
    void silentHandshake() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0)) {
            Thread acceptor = new Thread(() -> {
                try (var socket = server.accept()) {
                    while (socket.getInputStream().read() >= 0) {
                        // swallow the client's hello
                    }
                    hungUp.countDown();
                } catch (java.io.IOException e) {
                    hungUp.countDown();
                }
            });
            acceptor.setDaemon(true);
            acceptor.start();
            String host = "127.0.0.1:" + server.getLocalPort();
            HttpRegistry client = client(
                    RegistrySettings.DEFAULT.withRules(RegistryRule.of(host).withInsecure(false)));

            assertKind(failure(ask(client, new Repository(host, "a"), SHORT)), Kind.TIMEOUT);
            assertThat(hungUp.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @DisplayName("two hundred stalled requests hold up no other registry")
    void slowRegistryHurtsNobody() {
        fake.on("/v2/slow/.*", FakeRegistryAnswer.silence());
        HttpRegistry client = client();
        try (FakeRegistry other = new FakeRegistry()) {
            new SampleImages(other.store("good")).image("v1", Platform.of("linux", "amd64"));
            List<CompletableFuture<RegistryResult<Content>>> stalled = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                stalled.add(client.manifest(
                        fake.repository("slow"),
                        "v" + i,
                        ReadCredentials.ANONYMOUS,
                        Deadline.in(Duration.ofMillis(900))));
            }

            found(ask(client, other.repository("good"), LONG));

            stalled.forEach(answer -> assertKind(failure(get(answer)), Kind.TIMEOUT));
            serveGood();
            found(ask(client, fake.repository("good"), LONG));
        }
    }

    @Test
    @DisplayName("a name service that hangs: Timeout by the deadline")
    void slowNameService() {
        CountDownLatch never = new CountDownLatch(1);
        HttpRegistry client = client(RegistrySettings.DEFAULT, host -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        });

        assertKind(failure(ask(client, new Repository("registry.example", "a"), SHORT)), Kind.TIMEOUT);
    }

    @Test
    @DisplayName("a deadline that has passed: Timeout without a request")
    void passedDeadline() {
        assertKind(failure(ask(client(), fake.repository("a"), Duration.ZERO)), Kind.TIMEOUT);
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    @DisplayName("a cancelled request is broken off")
    void cancelled() throws InterruptedException {
        CountDownLatch came = new CountDownLatch(1);
        fake.on(ANY, (request, line) -> {
            came.countDown();
            line.awaitHangUp();
        });
        CompletableFuture<RegistryResult<Content>> answer =
                client().manifest(fake.repository("a"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG));
        assertThat(came.await(5, TimeUnit.SECONDS)).isTrue();

        answer.cancel(true);

        assertThat(fake.server().awaitHangUps(1)).isTrue();
    }

    @Test
    @DisplayName("closing the client answers what is in progress, and what comes later")
    void closing() {
        fake.on(ANY, FakeRegistryAnswer.silence());
        HttpRegistry client = client();
        CompletableFuture<RegistryResult<Content>> answer =
                client.manifest(fake.repository("a"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG));

        client.close();

        assertKind(failure(get(answer)), Kind.UNAVAILABLE);
        assertKind(failure(ask(client, fake.repository("a"), LONG)), Kind.UNAVAILABLE);
    }

    @ParameterizedTest(name = "429 with Retry-After \"{0}\": RateLimited, and no more requests")
    @ValueSource(strings = {"1", "Fri, 31 Dec 2100 23:59:59 GMT", "99999999999999999999", "-5", "soon", ""})
    void rateLimited(String retryAfter) {
        fake.on(ANY, FakeRegistryAnswer.status(429).header("Retry-After", retryAfter));
        HttpRegistry client = client();

        for (int i = 0; i < 5; i++) {
            RegistryFailure failure = failure(ask(client, fake.repository("a" + i), LONG));
            assertKind(failure, Kind.RATE_LIMITED);
            assertThat(failure.retryAfter()).isPresent();
            assertThat(failure.retryAfter().get()).isLessThanOrEqualTo(Duration.ofMinutes(5));
        }

        assertThat(fake.requests()).hasSize(1);
    }

    @Test
    @DisplayName("only the identity that was limited pauses")
    void otherIdentityGoesOn() {
        fake.on(
                ANY,
                FakeRegistryAnswer.inTurn(
                        FakeRegistryAnswer.status(429),
                        FakeRegistryAnswer.ok(
                                MediaTypes.OCI_INDEX, "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        HttpRegistry client = client();

        assertKind(failure(client, "a", "v1"), Kind.RATE_LIMITED);
        found(ask(client, "a", "v1", as("user", "password")));
        assertKind(failure(client, "a", "v1"), Kind.RATE_LIMITED);
    }

    @Test
    @DisplayName("a certificate of an unknown authority: Unavailable at once, and the fix is named")
    void unknownAuthority() {
        FakeRegistryCertificates certificates = new FakeRegistryCertificates();
        try (FakeRegistry tls = new FakeRegistry(certificates.serving())) {
            HttpRegistry client = client(RegistrySettings.DEFAULT.withRules(
                    RegistryRule.of(tls.host()).withInsecure(false)));

            RegistryFailure failure = failure(ask(client, tls.repository("a"), LONG));

            assertKind(failure, Kind.UNAVAILABLE);
            assertThat(failure.reason()).contains("unknown authority: add a CA under registries." + tls.host() + ".ca");
            assertThat(tls.server().connections()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a configured authority is trusted, only for the registry it is configured for")
    void configuredAuthority() {
        FakeRegistryCertificates certificates = new FakeRegistryCertificates();
        try (FakeRegistry tls = new FakeRegistry(certificates.serving());
                FakeRegistry other = new FakeRegistry(certificates.serving())) {
            new SampleImages(tls.store("a")).image("v1", Platform.of("linux", "amd64"));
            HttpRegistry client = client(RegistrySettings.DEFAULT.withRules(
                    RegistryRule.of(tls.host()).withInsecure(false).withTrusted(List.of(certificates.authority())),
                    RegistryRule.of(other.host()).withInsecure(false)));

            found(ask(client, tls.repository("a"), LONG));
            assertKind(failure(ask(client, other.repository("a"), LONG)), Kind.UNAVAILABLE);
        }
    }

    @Test
    @DisplayName("expired certificates and those for another name: the reason says so")
    void badCertificates() {
        FakeRegistryCertificates certificates = new FakeRegistryCertificates();
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        assertThat(tlsFailure(certificates, "127.0.0.1", Instant.now().minusSeconds(60))
                        .reason())
                .contains("has expired");
        assertThat(tlsFailure(certificates, "127.0.0.9", tomorrow).reason()).contains("for another name");
    }

    private RegistryFailure tlsFailure(FakeRegistryCertificates certificates, String address, Instant end) {
        try (FakeRegistry tls = new FakeRegistry(certificates.serving(address, end))) {
            HttpRegistry client = client(RegistrySettings.DEFAULT.withRules(
                    RegistryRule.of(tls.host()).withInsecure(false).withTrusted(List.of(certificates.authority()))));
            RegistryFailure failure = failure(ask(client, tls.repository("a"), LONG));
            assertKind(failure, Kind.UNAVAILABLE);
            client.close();
            return failure;
        }
    }

    @Test
    @DisplayName("http where https is expected, and the reverse: the reason names the setting")
    void wrongScheme() {
        HttpRegistry client = client(
                RegistrySettings.DEFAULT.withRules(RegistryRule.of(fake.host()).withInsecure(false)));

        RegistryFailure failure = failure(ask(client, fake.repository("a"), LONG));

        assertKind(failure, Kind.UNAVAILABLE);
        assertThat(failure.reason())
                .contains("serves plain HTTP: set registries." + fake.host() + ".insecure to allow it");

        try (FakeRegistry go = new FakeRegistry()) {
            go.on(ANY, FakeRegistryAnswer.status(400).body("Client sent an HTTP request to an HTTPS server.\n"));
            RegistryFailure reverse = failure(ask(client, go.repository("a"), LONG));
            assertKind(reverse, Kind.UNAVAILABLE);
            assertThat(reverse.reason()).contains("serves HTTPS: remove insecure");
        }
    }

    @Test
    @DisplayName("a reset is tried three times, then Unavailable")
    void reset() {
        fake.on(ANY, FakeRegistryAnswer.reset());

        assertKind(failure(ask(client(), fake.repository("a"), LONG)), Kind.UNAVAILABLE);
        assertThat(fake.requests().size()).isGreaterThanOrEqualTo(3);
    }

    @Test
    @DisplayName("something that does not speak HTTP: Unavailable")
    void notHttp() {
        fake.on(ANY, (request, line) -> {
            line.write("SSH-2.0-OpenSSH_9.2\r\n");
            line.close();
        });

        assertKind(failure(ask(client(), fake.repository("a"), LONG)), Kind.UNAVAILABLE);
    }

    @Test
    @DisplayName("a blocked registry: Refused without a request")
    void blocked() {
        HttpRegistry client = client(RegistrySettings.DEFAULT.withRules(
                RegistryRule.of("127.0.0.1:*").blocking()));

        assertKind(failure(client, "a", "v1"), Kind.REFUSED);
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    @DisplayName("a request carries nothing but what it needs")
    void headersOfARequest() {
        serveGood();
        found(client(), "good", "v1");

        assertThat(fake.requests().get(0).headers().keySet())
                .isSubsetOf("accept", "accept-encoding", "host", "user-agent", "content-length", "connection");
    }
}
