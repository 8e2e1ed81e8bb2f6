package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.resilience.CircuitBreaker;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryServer.Handler;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How much is requested of one registry at a time, and of one that fails again and again. */
class RequestLimitsTest extends RegistryTesting {

    @Test
    @DisplayName("200 new images at once: all answered, no more than the allowed requests at a time")
    void manyAtOnce() {
        SampleImages images = new SampleImages(fake.store("a"));
        for (int i = 0; i < 200; i++) {
            images.image("v" + i, Platform.of("linux", "amd64"));
        }
        HttpRegistry client = client();
        List<CompletableFuture<RegistryResult<Content>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(client.manifest(fake.repository("a"), "v" + i, ReadCredentials.ANONYMOUS, Deadline.in(LONG)));
        }

        answers.forEach(answer -> found(get(answer)));

        assertThat(fake.requests()).hasSize(200);
        assertThat(fake.server().mostBusy()).isLessThanOrEqualTo(16);
        assertThat(fake.server().connections()).isLessThanOrEqualTo(32);
    }

    @Test
    @DisplayName("a rule's bound for requests at a time is kept")
    void configuredBound() {
        serveGood();
        HttpRegistry client = client(RegistrySettings.DEFAULT.withRules(
                RegistryRule.of(fake.host()).withLimits(OptionalDouble.empty(), OptionalInt.of(2))));
        List<CompletableFuture<RegistryResult<Content>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(client.manifest(fake.repository("good"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG)));
        }

        answers.forEach(answer -> found(get(answer)));

        assertThat(fake.server().mostBusy()).isLessThanOrEqualTo(2);
    }

    @Test
    @DisplayName("a registry that fails again and again is not contacted any more")
    void circuit() {
        fake.on(ANY, FakeRegistryAnswer.status(503));
        HttpRegistry client = client();
        for (int i = 0; i < CircuitBreaker.THRESHOLD; i++) {
            assertKind(failure(client, "a", "v1"), Kind.UNAVAILABLE);
        }
        int before = fake.requests().size();

        RegistryFailure failure = failure(client, "a", "v1");

        assertKind(failure, Kind.UNAVAILABLE);
        assertThat(failure.reason()).contains("returned 503").contains("next request in");
        assertThat(fake.requests()).hasSize(before);
    }

    static Stream<Arguments> failuresOfOneRepository() {
        return Stream.of(
                Arguments.of("503", FakeRegistryAnswer.status(503)),
                Arguments.of("resets", FakeRegistryAnswer.reset()),
                Arguments.of("silence", FakeRegistryAnswer.silence()),
                Arguments.of(
                        "redirects to a host without a server",
                        FakeRegistryAnswer.redirect(302, "http://127.0.0.1:1/x")),
                Arguments.of(
                        "a token service without a server",
                        FakeRegistryAnswer.status(401)
                                .header("WWW-Authenticate", "Bearer realm=\"http://127.0.0.1:1/token\"")));
    }

    @ParameterizedTest(name = "{0} in one repository of a shared host: others are read all the same")
    @MethodSource("failuresOfOneRepository")
    void circuitOfOneRepository(String name, Handler answer) {
        fake.on("/v2/bad/.*", answer);
        serveGood();
        HttpRegistry client = client(
                RegistrySettings.DEFAULT.withRules(RegistryRule.of(fake.host()).withTimeout(Duration.ofMillis(1_100))));
        List<CompletableFuture<RegistryResult<Content>>> bad = new ArrayList<>();
        for (int i = 0; i < CircuitBreaker.THRESHOLD; i++) {
            bad.add(client.manifest(fake.repository("bad"), "v" + i, ReadCredentials.ANONYMOUS, Deadline.in(LONG)));
        }
        bad.forEach(each -> failure(get(each)));

        assertThat(failure(client, "bad", "v1").reason()).contains("next request in");
        found(client, "good", "v1");
    }

    @Test
    @DisplayName("no connection: the host is not contacted any more, whichever repository is requested")
    void circuitOfHost() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        HttpRegistry client = client();
        for (int i = 0; i < CircuitBreaker.THRESHOLD; i++) {
            failure(ask(client, new Repository("127.0.0.1:" + port, "a" + i), LONG));
        }

        RegistryFailure failure = failure(ask(client, new Repository("127.0.0.1:" + port, "another"), LONG));

        assertThat(failure.reason()).contains("connection refused").contains("next request in");
    }
}
