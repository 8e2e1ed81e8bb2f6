package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Mirror;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.transport.Endpoint;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryServer.Handler;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mirrors. */
class MirrorsTest extends RegistryTesting {

    private final FakeRegistry mirror = new FakeRegistry();

    @AfterEach
    void endMirror() {
        mirror.close();
    }

    private HttpRegistry mirrored(Mirror... mirrors) {
        return client(
                RegistrySettings.DEFAULT.withRules(RegistryRule.of(fake.host()).withMirrors(mirrors)));
    }

    private Mirror mirror() {
        return Mirror.parse("http://" + mirror.host());
    }

    @Test
    @DisplayName("a mirror is asked first, and told whose mirror it is")
    void mirrorFirst() {
        new SampleImages(mirror.store("a")).image("v1", Platform.of("linux", "amd64"));

        found(mirrored(mirror()), "a", "v1");

        assertThat(mirror.requests().get(0).target()).isEqualTo("/v2/a/manifests/v1?ns=" + fake.host());
        assertThat(fake.requests()).isEmpty();
    }

    static Stream<Arguments> failingMirrors() {
        return Stream.of(
                Arguments.of("answers 404", FakeRegistryAnswer.status(404)),
                Arguments.of("answers 500", FakeRegistryAnswer.status(500)),
                Arguments.of("answers 401", FakeRegistryAnswer.status(401)),
                Arguments.of("answers 403", FakeRegistryAnswer.status(403)),
                Arguments.of("answers 429", FakeRegistryAnswer.status(429)),
                Arguments.of("sends a web page", FakeRegistryAnswer.status(200).body("<html>")),
                Arguments.of("breaks connections", FakeRegistryAnswer.reset()));
    }

    @ParameterizedTest(name = "a mirror that {0}: the registry itself is asked")
    @MethodSource("failingMirrors")
    void nextHost(String name, Handler answer) {
        mirror.on("/v2/.*", answer);
        new SampleImages(fake.store("a")).image("v1", Platform.of("linux", "amd64"));

        found(mirrored(mirror()), "a", "v1");

        assertThat(fake.requests().get(0).target()).isEqualTo("/v2/a/manifests/v1");
    }

    @Test
    @DisplayName("a mirror that never answers leaves time for the registry itself")
    void silentMirror() {
        mirror.on("/v2/.*", FakeRegistryAnswer.silence());
        new SampleImages(fake.store("a")).image("v1", Platform.of("linux", "amd64"));

        found(get(mirrored(mirror())
                .manifest(fake.repository("a"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(Duration.ofSeconds(4)))));
    }

    @Test
    @DisplayName("all fail: what leaves the verdict open outweighs a 404, and its host is named")
    void mostTelling() {
        mirror.on("/v2/.*", FakeRegistryAnswer.status(403));

        RegistryFailure failure = failure(mirrored(mirror()), "a", "v1");

        assertKind(failure, Kind.FORBIDDEN);
        assertThat(failure.host()).isEqualTo(mirror.host());
        assertThat(failure.reason()).contains(mirror.host() + ", a mirror of " + fake.host());
    }

    @Test
    @DisplayName("all say 404: NotFound, by the registry itself")
    void allNotFound() {
        RegistryFailure failure = failure(mirrored(mirror()), "a", "v1");

        assertKind(failure, Kind.NOT_FOUND);
        assertThat(failure.host()).isEqualTo(fake.host());
        assertThat(mirror.requests()).hasSize(1);
    }

    @Test
    @DisplayName("a mirror's path is put before the repository's, or replaces its beginning")
    void rewrites() {
        new SampleImages(mirror.store("proxy/hub/a")).image("v1", Platform.of("linux", "amd64"));
        new SampleImages(mirror.store("copy/b")).image("v1", Platform.of("linux", "amd64"));
        HttpRegistry client =
                mirrored(mirror().rewriting("team/", "copy/"), Mirror.parse("http://" + mirror.host() + "/proxy/hub"));

        found(client, "a", "v1");
        found(client, "team/b", "v1");

        assertThat(mirror.asked()).containsExactly("GET /v2/proxy/hub/a/manifests/v1", "GET /v2/copy/b/manifests/v1");
    }

    @Test
    @DisplayName("docker.io is asked at registry-1.docker.io, over https; loopback and insecure hosts by http")
    void schemes() {
        RegistrySettings settings = RegistrySettings.DEFAULT.withRules(
                RegistryRule.of("insecure.example:5000").withInsecure(true),
                RegistryRule.of("localhost:5001").withInsecure(false));

        assertThat(List.of(
                        uri("docker.io", settings),
                        uri("localhost", settings),
                        uri("localhost:5001", settings),
                        uri("127.9.9.9:5000", settings),
                        uri("[::1]:5000", settings),
                        uri("localhost.example.com", settings),
                        uri("127.example.com", settings),
                        uri("insecure.example:5000", settings)))
                .containsExactly(
                        "https://registry-1.docker.io/v2/a/manifests/v1",
                        "http://localhost/v2/a/manifests/v1",
                        "https://localhost:5001/v2/a/manifests/v1",
                        "http://127.9.9.9:5000/v2/a/manifests/v1",
                        "http://[::1]:5000/v2/a/manifests/v1",
                        "https://localhost.example.com/v2/a/manifests/v1",
                        "https://127.example.com/v2/a/manifests/v1",
                        "http://insecure.example:5000/v2/a/manifests/v1");
    }

    private static String uri(String registry, RegistrySettings settings) {
        List<Endpoint> endpoints = Endpoint.of(new Repository(registry, "a"), settings);
        return endpoints.get(endpoints.size() - 1).uri("manifests", "v1").toString();
    }
}
