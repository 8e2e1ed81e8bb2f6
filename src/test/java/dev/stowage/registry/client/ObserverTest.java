package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryObserver.Operation;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryAuth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an observer is told. */
class ObserverTest {

    private final List<RegistryObserver.Request> seen = new CopyOnWriteArrayList<>();

    private void ask(FakeRegistry fake, Duration time) {
        try (HttpRegistry client = new HttpRegistry(RegistrySettings.DEFAULT, seen::add)) {
            RegistryTesting.get(
                    client.manifest(fake.repository("a"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(time)));
        }
    }

    @Test
    @DisplayName("every request, its kind and outcome")
    void everyRequest() {
        try (FakeRegistry fake = new FakeRegistry()) {
            new SampleImages(fake.store("a")).image("v1", Platform.of("linux", "amd64"));
            fake.protect(new FakeRegistryAuth.Tokens().anybody("a"));

            ask(fake, RegistryTesting.LONG);

            assertThat(seen).extracting(RegistryObserver.Request::host).containsOnly(fake.host());
            assertThat(seen)
                    .extracting(RegistryObserver.Request::operation)
                    .containsExactly(Operation.MANIFEST, Operation.TOKEN, Operation.MANIFEST);
            assertThat(seen)
                    .extracting(RegistryObserver.Request::failure)
                    .containsExactly(Optional.of(Kind.UNAUTHORIZED), Optional.empty(), Optional.empty());
        }
    }

    @Test
    @DisplayName("what a rate limit leaves, with and without its window")
    void rateLimit() {
        try (FakeRegistry fake = new FakeRegistry()) {
            fake.on(
                    "/v2/.*",
                    FakeRegistryAnswer.inTurn(
                            FakeRegistryAnswer.status(503).header("RateLimit-Remaining", "97;w=21600"),
                            FakeRegistryAnswer.status(503).header("ratelimit-remaining", "5"),
                            FakeRegistryAnswer.status(404).header("RateLimit-Remaining", "many")));

            ask(fake, RegistryTesting.LONG);

            assertThat(seen)
                    .extracting(RegistryObserver.Request::remaining)
                    .containsExactly(OptionalLong.of(97), OptionalLong.of(5), OptionalLong.empty());
        }
    }

    @Test
    @DisplayName("a request that was broken off")
    void brokenOff() throws InterruptedException {
        try (FakeRegistry fake = new FakeRegistry()) {
            fake.on("/v2/.*", FakeRegistryAnswer.inTurn(FakeRegistryAnswer.status(404), FakeRegistryAnswer.silence()));
            // the first request of a process may take longer than the deadline
            ask(fake, RegistryTesting.LONG);
            seen.clear();

            ask(fake, RegistryTesting.SHORT);

            assertThat(fake.server().awaitHangUps(1)).isTrue();
            assertThat(seen).extracting(RegistryObserver.Request::failure).containsExactly(Optional.of(Kind.TIMEOUT));
        }
    }
}
