package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
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
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryCertificates;
import dev.stowage.testing.FakeRegistryServer.Handler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Challenges, tokens and credentials, and how many requests they cost. */
class AuthenticationTest extends RegistryTesting {

    private final FakeRegistryAuth.Tokens tokens = new FakeRegistryAuth.Tokens();

    @BeforeEach
    void images() {
        for (String repository : List.of("open", "secret", "other")) {
            SampleImages images = new SampleImages(fake.store(repository));
            images.image("v1", Platform.of("linux", "amd64"));
            images.image("v2", Platform.of("linux", "arm64"));
        }
        tokens.anybody("open", "other").user("me", "s3cret", "open", "secret");
    }

    private long count(String methodAndPath) {
        return fake.asked().stream().filter(methodAndPath::equals).count();
    }

    @Test
    @DisplayName("a bearer challenge: 401, token, manifest; a new repository token and manifest; a second tag 1")
    void requestCounts() {
        fake.protect(tokens);
        HttpRegistry client = client();

        found(client, "open", "v1");
        assertThat(fake.asked())
                .containsExactly("GET /v2/open/manifests/v1", "GET /token", "GET /v2/open/manifests/v1");
        found(client, "other", "v1");
        assertThat(fake.asked().subList(3, fake.asked().size()))
                .containsExactly("GET /token", "GET /v2/other/manifests/v1");
        found(client, "open", "v2");
        assertThat(fake.asked().subList(5, fake.asked().size())).containsExactly("GET /v2/open/manifests/v2");
    }

    @Test
    @DisplayName("a basic challenge is answered, and after that not waited for")
    void basic() {
        fake.protect(FakeRegistryAuth.basic("me", "pass:word"));
        HttpRegistry client = client();

        found(ask(client, "secret", "v1", as("me", "pass:word")));
        found(ask(client, "secret", "v2", as("me", "pass:word")));

        assertThat(fake.requests()).hasSize(3);
    }

    @Test
    @DisplayName("a basic challenge without credentials: Unauthorized at once")
    void basicWithoutCredentials() {
        fake.protect(FakeRegistryAuth.basic("me", "password"));

        assertKind(failure(client(), "secret", "v1"), Kind.UNAUTHORIZED);
        assertThat(fake.requests()).hasSize(1);
    }

    @Test
    @DisplayName("401 without a challenge: Unauthorized")
    void noChallenge() {
        fake.on("/v2/.*", FakeRegistryAnswer.status(401));

        RegistryFailure failure = failure(ask(client(), "open", "v1", as("me", "s3cret")));

        assertKind(failure, Kind.UNAUTHORIZED);
        assertThat(failure.reason()).contains("without a WWW-Authenticate challenge");
        assertThat(fake.requests()).hasSize(1);
    }

    @Test
    @DisplayName("401 with a fresh token: Unauthorized, both readings named, no more tries")
    void hiddenNotFound() {
        fake.protect(tokens);

        RegistryFailure failure = failure(client(), "secret", "v1");

        assertKind(failure, Kind.UNAUTHORIZED);
        assertThat(failure.reason()).contains("does not exist or needs credentials");
        assertThat(fake.requests()).hasSize(3);
    }

    @Test
    @DisplayName("credentials go into the OAuth form; no anonymous request for a token next to it")
    void oauthForm() {
        fake.protect(tokens);

        found(ask(client(), "secret", "v1", as("me", "s3cret")));

        assertThat(count("POST /token")).isEqualTo(1);
        assertThat(count("GET /token")).isZero();
        assertThat(fake.requests().get(1).body())
                .contains("grant_type=password")
                .contains("username=me")
                .contains("scope=repository%3Asecret%3Apull")
                .contains("service=fake");
    }

    @Test
    @DisplayName("an identity token is a refresh_token grant")
    void identityToken() {
        fake.protect(tokens.user("identity", "refresh", "secret"));

        found(ask(client(), "secret", "v1", as("<token>", "refresh")));

        assertThat(fake.requests().get(1).body())
                .contains("grant_type=refresh_token")
                .contains("refresh_token=refresh");
    }

    @Test
    @DisplayName("where the form is not known, GET with Basic; and that is remembered")
    void noForm() {
        fake.protect(tokens.form(false));
        HttpRegistry client = client();

        found(ask(client, "secret", "v1", as("me", "s3cret")));
        found(ask(client, "open", "v1", as("me", "s3cret")));

        assertThat(count("POST /token")).isEqualTo(1);
        assertThat(count("GET /token")).isEqualTo(2);
    }

    @Test
    @DisplayName("credentials are tried in order until one reads")
    void severalCredentials() {
        fake.protect(tokens);

        found(ask(client(), "secret", "v1", as("me", "wrong", "you", "wrong", "me", "s3cret")));
    }

    @Test
    @DisplayName("credentials that all fail: one failure, and no anonymous try")
    void allCredentialsFail() {
        fake.protect(tokens);

        RegistryFailure failure = failure(ask(client(), "open", "v1", as("me", "wrong", "you", "wrong")));

        assertKind(failure, Kind.UNAUTHORIZED);
        assertThat(failure.reason()).contains("2 credentials tried").doesNotContain("s3cret");
    }

    @Test
    @DisplayName("one tenant's token never answers for another")
    void tenants() {
        fake.protect(tokens);
        HttpRegistry client = client();

        found(ask(client, "secret", "v1", as("me", "s3cret")));

        assertKind(failure(client, "secret", "v1"), Kind.UNAUTHORIZED);
        assertKind(failure(ask(client, "secret", "v1", as("you", "x"))), Kind.UNAUTHORIZED);
        found(ask(client, "secret", "v1", as("me", "s3cret")));
    }

    @Test
    @DisplayName("200 requests that need one token: one request for it")
    void singleFlight() {
        fake.protect(tokens);
        HttpRegistry client = client();
        found(client, "other", "v1");
        List<CompletableFuture<RegistryResult<Content>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(client.manifest(fake.repository("open"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG)));
        }

        answers.forEach(answer -> found(get(answer)));

        assertThat(count("GET /token")).isEqualTo(2);
    }

    @Test
    @DisplayName("a token that ends early is dropped once and got again")
    void revoked() {
        fake.protect(tokens);
        HttpRegistry client = client();
        found(client, "open", "v1");
        tokens.revoke();

        found(client, "open", "v1");

        assertThat(count("GET /token")).isEqualTo(2);
        assertThat(fake.requests()).hasSize(6);
    }

    @Test
    @DisplayName("a registry that refuses every token: no endless loop")
    void refusesEveryToken() {
        fake.protect(tokens);
        HttpRegistry client = client();
        found(client, "open", "v1");
        fake.on(
                "/v2/.*",
                FakeRegistryAnswer.status(401)
                        .header("WWW-Authenticate", "Bearer realm=\"" + fake.url() + "/token\",service=\"fake\""));

        assertKind(failure(client, "open", "v1"), Kind.UNAUTHORIZED);

        assertThat(fake.requests().size()).isLessThanOrEqualTo(6);
    }

    @Test
    @DisplayName("a 400 for an old token drops it once; a 400 for a fresh one is Invalid")
    void badRequestForOldToken() {
        fake.protect(tokens);
        HttpRegistry client = client();
        found(client, "open", "v1");
        fake.on("/v2/open/manifests/v2", FakeRegistryAnswer.status(400));

        assertKind(failure(client, "open", "v2"), Kind.INVALID);

        assertThat(count("GET /token")).isEqualTo(2);
        assertThat(count("GET /v2/open/manifests/v2")).isEqualTo(2);
    }

    @Test
    @DisplayName("a 401 on HEAD but not on GET: GET, and remembered")
    void headRefused() {
        fake.protect(tokens);
        fake.on("/v2/open/.*", (request, line) -> {
            Handler refused = FakeRegistryAnswer.status(401)
                    .header("WWW-Authenticate", "Bearer realm=\"" + fake.url() + "/token\"");
            Handler good = FakeRegistryAnswer.ok("application/json", "{}".getBytes());
            ("HEAD".equals(request.method()) ? refused : good).answer(request, line);
        });
        HttpRegistry client = client();

        found(get(client.digest(fake.repository("open"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));
        int before = fake.requests().size();
        found(get(client.digest(fake.repository("open"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertThat(fake.asked().subList(before, fake.asked().size())).containsExactly("GET /v2/open/manifests/v1");
    }

    static Stream<Arguments> sickTokenServices() {
        return Stream.of(
                Arguments.of("answers 500", FakeRegistryAnswer.status(500), Kind.UNAVAILABLE),
                Arguments.of("breaks connections", FakeRegistryAnswer.reset(), Kind.UNAVAILABLE),
                Arguments.of("answers rubbish", FakeRegistryAnswer.status(200).body("<html>"), Kind.UNAVAILABLE),
                Arguments.of("answers nothing", FakeRegistryAnswer.status(200), Kind.UNAVAILABLE),
                Arguments.of(
                        "answers a token that would split headers",
                        FakeRegistryAnswer.status(200).body("{\"token\":\"a\\r\\nX: y\"}"),
                        Kind.UNAVAILABLE),
                Arguments.of("answers too much", FakeRegistryAnswer.endless("application/json"), Kind.UNAVAILABLE),
                Arguments.of("answers 404", FakeRegistryAnswer.status(404), Kind.UNAVAILABLE),
                Arguments.of("answers 401", FakeRegistryAnswer.status(401).error("DENIED", "x"), Kind.UNAUTHORIZED),
                Arguments.of("answers 403", FakeRegistryAnswer.status(403).error("DENIED", "x"), Kind.FORBIDDEN),
                Arguments.of(
                        "answers 429", FakeRegistryAnswer.status(429).header("Retry-After", "7"), Kind.RATE_LIMITED),
                Arguments.of("never answers", FakeRegistryAnswer.silence(), Kind.TIMEOUT),
                Arguments.of("drips", FakeRegistryAnswer.drip("application/json"), Kind.TIMEOUT),
                Arguments.of("redirects to itself", FakeRegistryAnswer.redirect(302, "/token"), Kind.UNAVAILABLE));
    }

    @ParameterizedTest(name = "a token service that {0}: {2}")
    @MethodSource("sickTokenServices")
    void sickTokenService(String name, Handler answer, Kind kind) {
        fake.protect(tokens).on("/token.*", answer);
        Duration time = kind == Kind.TIMEOUT ? SHORT : LONG;

        RegistryFailure failure = failure(
                get(client().manifest(fake.repository("open"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(time))));

        assertKind(failure, kind);
        assertThat(failure.kind().undetermined()).isTrue();
    }

    @Test
    @DisplayName("a token service that is down: Unavailable, naming it")
    void tokenServiceDown() {
        fake.protect(tokens.realm("http://127.0.0.1:1/token"));

        RegistryFailure failure = failure(client(), "open", "v1");

        assertKind(failure, Kind.UNAVAILABLE);
        assertThat(failure.reason()).contains("connection refused by 127.0.0.1:1");
    }

    @ParameterizedTest(name = "credentials are not sent to the realm {0}")
    @ValueSource(
            strings = {
                "http://registry.example.com/token",
                "http://169.254.169.254/token",
                "http://user@127.0.0.1/token",
                "ftp://127.0.0.1/token",
                "https://169.254.169.254/token",
                "https://[::ffff:a9fe:a9fe]/token",
                "not an address"
            })
    void foreignRealm(String realm) {
        fake.protect(tokens.realm(realm));

        RegistryFailure failure = failure(ask(client(), "secret", "v1", as("me", "s3cret")));

        assertThat(failure.kind()).isIn(Kind.REFUSED, Kind.UNAUTHORIZED);
        assertThat(fake.requests()).hasSize(1);
        assertThat(headers(fake, "Authorization")).containsOnly("");
    }

    @Test
    @DisplayName("a realm on another host is asked over TLS, with these credentials only")
    void realmOnAnotherHost() {
        FakeRegistryCertificates certificates = new FakeRegistryCertificates();
        try (FakeRegistry service = new FakeRegistry(certificates.serving())) {
            service.protect(tokens);
            fake.protect(tokens.realm(service.url() + "/token"));
            HttpRegistry client = client(RegistrySettings.DEFAULT.withRules(
                    RegistryRule.of(service.host()).withTrusted(List.of(certificates.authority()))));

            found(ask(client, "secret", "v1", as("me", "s3cret")));

            assertThat(service.asked()).containsExactly("POST /token");
        }
    }

    @Test
    @DisplayName("a realm with a query of its own keeps it")
    void realmWithQuery() {
        fake.protect(tokens.realm(fake.url() + "/token?account=x"));

        found(client(), "open", "v1");

        assertThat(fake.requests().get(1).target())
                .isEqualTo("/token?account=x&service=fake&scope=repository%3Aopen%3Apull");
    }

    @Test
    @DisplayName("a registry that challenges for one repository still serves another without a token")
    void publicBesidePrivate() {
        fake.protect(new FakeRegistryAuth.Tokens().user("me", "s3cret", "secret"));
        fake.on("/v2/open/.*", FakeRegistryAnswer.ok("application/json", "{}".getBytes()));
        fake.on("/token.scope=.*|/token.service=fake&scope=repository%3Aopen.*", FakeRegistryAnswer.status(403));
        HttpRegistry client = client();
        found(ask(client, "secret", "v1", as("me", "s3cret")));

        found(client, "open", "v1");
    }

    @Test
    @DisplayName("a host that only begins or ends like a configured one is not that one")
    void lookalikes() {
        RegistrySettings settings = RegistrySettings.DEFAULT.withRules(
                RegistryRule.of("registry.example.com").withInsecure(true),
                RegistryRule.of("*.example.org").withInsecure(true));
        for (String host : List.of(
                "registry.example.com.evil.test",
                "evil-registry.example.com",
                "registry.example.com:5000",
                "example.org",
                "a.example.org.evil.test",
                "registryXexample.com")) {
            assertThat(settings.rule(host)).as(host).isEmpty();
        }
        assertThat(settings.rule("Registry.Example.com")).isPresent();
        assertThat(settings.rule("a.b.example.org")).isPresent();
    }

    @Test
    @DisplayName("no secret and no word of an error body in a failure")
    void nothingLeaks() {
        fake.protect(tokens);

        RegistryFailure failure = failure(ask(client(), "secret", "v1", as("me", "wrong-s3cret")));

        assertThat(failure.toString()).doesNotContain("s3cret").doesNotContain("the secret is");
    }
}
