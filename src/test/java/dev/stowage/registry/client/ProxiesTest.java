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
import dev.stowage.registry.net.Proxies;
import dev.stowage.testing.ConnectProxy;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryCertificates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Through a real proxy: tunnels for https, requests for plain http, with and without a login. Loopback is never proxied, so the registries have other addresses. */
class ProxiesTest extends RegistryTesting {

    private static final String SECURE = "192.0.2.1:5000";
    private static final String PLAIN = "192.0.2.2:5000";
    private static final String LOGIN = FakeRegistryAuth.basicHeader("u:ser", "p@ss/wörd");
    private static final String ENCODED = "u%3Aser:p%40ss%2Fw%C3%B6rd";

    private final FakeRegistryCertificates certificates = new FakeRegistryCertificates();
    private final FakeRegistry secure =
            new FakeRegistry(certificates.serving("192.0.2.1", Instant.now().plus(Duration.ofDays(1))));
    private final ConnectProxy tunnel = new ConnectProxy(secure.server().port());
    private final ConnectProxy forwarder = new ConnectProxy(fake.server().port());

    @BeforeEach
    void images() {
        new SampleImages(secure.store("a")).image("v1", Platform.of("linux", "amd64"));
        new SampleImages(fake.store("a")).image("v1", Platform.of("linux", "amd64"));
    }

    @AfterEach
    void close() {
        tunnel.close();
        forwarder.close();
        secure.close();
    }

    private HttpRegistry through(String login) {
        Proxies proxies = Proxies.from(Map.of(
                "HTTPS_PROXY", "http://" + login + tunnel.host(), "HTTP_PROXY", "http://" + login + forwarder.host()));
        return client(RegistrySettings.DEFAULT
                .withRules(
                        RegistryRule.of(SECURE).withTrusted(List.of(certificates.authority())),
                        RegistryRule.of(PLAIN).withInsecure(true))
                .withProxies(proxies));
    }

    private RegistryResult<Content> ask(HttpRegistry client, String host, ReadCredentials credentials) {
        return get(client.manifest(new Repository(host, "a"), "v1", credentials, Deadline.in(LONG)));
    }

    private RegistryFailure failure(HttpRegistry client, String host) {
        RegistryFailure failure = failure(ask(client, host, ReadCredentials.ANONYMOUS));
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure.reason()).doesNotContain("u:ser", "p@ss", ENCODED, LOGIN);
        return failure;
    }

    @Test
    @DisplayName(
            "a tunnel with user name and password, which the registry does not see; the proxy does not see the registry's")
    void tunnelWithLogin() {
        tunnel.requiring(LOGIN);
        secure.protect(FakeRegistryAuth.basic("robot", "secret"));

        found(ask(through(ENCODED + "@"), SECURE, as("robot", "secret")));

        assertThat(tunnel.heads()).isNotEmpty().allSatisfy(head -> assertThat(head)
                .startsWith("CONNECT " + SECURE + " ")
                .contains("\r\nProxy-Authorization: " + LOGIN + "\r\n")
                .doesNotContain("\r\nAuthorization:"));
        assertThat(secure.requests())
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("proxy-authorization"))
                .anySatisfy(request -> assertThat(request.header("Authorization"))
                        .isEqualTo(FakeRegistryAuth.basicHeader("robot", "secret")));
    }

    @Test
    @DisplayName("plain http with user name and password")
    void plainWithLogin() {
        forwarder.requiring(LOGIN);

        found(ask(through(ENCODED + "@"), PLAIN, ReadCredentials.ANONYMOUS));

        assertThat(forwarder.heads())
                .singleElement()
                .asString()
                .startsWith("GET http://" + PLAIN + "/v2/a/manifests/v1 ");
        assertThat(fake.requests()).hasSize(1);
    }

    @Test
    @DisplayName("without a login both work, and no header is sent")
    void withoutLogin() {
        HttpRegistry client = through("");

        found(ask(client, SECURE, ReadCredentials.ANONYMOUS));
        found(ask(client, PLAIN, ReadCredentials.ANONYMOUS));

        assertThat(tunnel.heads()).isNotEmpty().noneMatch(head -> head.contains("Proxy-Authorization"));
        assertThat(forwarder.heads()).isNotEmpty().noneMatch(head -> head.contains("Proxy-Authorization"));
    }

    @Test
    @DisplayName("a proxy that requires a login: the variable and its form are named")
    void missingLogin() {
        tunnel.requiring(LOGIN);
        forwarder.requiring(LOGIN);
        HttpRegistry client = through("");

        assertThat(failure(client, SECURE).reason())
                .isEqualTo("the proxy " + tunnel.host()
                        + " (HTTPS_PROXY) requires a user name and password (407): set HTTPS_PROXY"
                        + " to http://user:password@host:port");
        assertThat(failure(client, PLAIN).reason()).contains("(HTTP_PROXY) requires", "set HTTP_PROXY to");
        assertThat(tunnel.heads()).hasSize(1);
    }

    @Test
    @DisplayName("a proxy that rejects the login: the variable is named, the login is not")
    void wrongLogin() {
        tunnel.requiring(FakeRegistryAuth.basicHeader("somebody", "else"));

        assertThat(failure(through(ENCODED + "@"), SECURE).reason())
                .contains("rejected its", "(407): correct them in HTTPS_PROXY");
    }

    @Test
    @DisplayName("a proxy that wants another authentication than Basic gets no password a second time")
    void otherScheme() {
        tunnel.requiring("Negotiate x").challenging("Negotiate");

        assertThat(failure(through(ENCODED + "@"), SECURE).reason())
                .contains("another authentication than Basic (407)");
        assertThat(tunnel.heads()).hasSize(1);
    }

    @Test
    @DisplayName("a registry that answers as a proxy would gets no password of the proxy")
    void registryThatChallenges() {
        secure.on(
                "/v2/.*", FakeRegistryAnswer.status(407).header("Proxy-Authenticate", "Basic realm=\"give it to me\""));

        RegistryFailure failure = failure(through(ENCODED + "@"), SECURE);

        assertThat(failure.reason()).contains(SECURE + " returned 407, which is unexpected");
        assertThat(secure.requests()).noneMatch(request -> request.headers().containsKey("proxy-authorization"));
    }

    @Test
    @DisplayName("a registry with a login of its own gets that, not the proxy's")
    void registryThatWantsALogin() {
        secure.protect(FakeRegistryAuth.basic("robot", "secret"));

        RegistryFailure failure = failure(ask(through(ENCODED + "@"), SECURE, ReadCredentials.ANONYMOUS));

        assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(secure.requests()).noneMatch(request -> request.headers().containsKey("authorization"));
    }

    @Test
    @DisplayName("a redirect to a host without a proxy takes no password there")
    void redirectToDirect() {
        HttpRegistry client = client(RegistrySettings.DEFAULT
                .withRules(RegistryRule.of(PLAIN).withInsecure(true))
                .withProxies(Proxies.from(Map.of("HTTP_PROXY", "http://" + ENCODED + "@" + forwarder.host()))));
        fake.on("/v2/b/manifests/v1", FakeRegistryAnswer.redirect(307, fake.url() + "/v2/a/manifests/v1"));

        found(get(client.manifest(new Repository(PLAIN, "b"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertThat(forwarder.heads()).hasSize(1);
        assertThat(fake.requests()).hasSize(2).noneMatch(request -> request.headers()
                .containsKey("proxy-authorization"));
    }

    @Test
    @DisplayName(
            "a proxy that opens no tunnel, and one that is not there: the variable is named, not the registry blamed")
    void brokenProxies() {
        tunnel.refusing(403);
        HttpRegistry client = through("");

        assertThat(failure(client, SECURE).reason())
                .isEqualTo("the proxy " + tunnel.host() + " (HTTPS_PROXY) does not connect to " + SECURE
                        + " (403): allow it there, or add " + SECURE + " to NO_PROXY");

        forwarder.close();
        assertThat(failure(client, PLAIN).reason())
                .contains("no connection to the proxy " + forwarder.host() + " (HTTP_PROXY): check that it runs there");
    }
}
