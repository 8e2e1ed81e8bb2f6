package dev.stowage.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.registry.Credential;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to token services, their responses, and how long tokens are cached. */
class TokenTest {

    private static final URI REALM = URI.create("https://auth.example/token");

    @ParameterizedTest(name = "{0}: {1} for {2} s")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"token\":\"t\"}|t|60",
                "{\"access_token\":\"a\"}|a|60",
                "{\"token\":\"t\",\"access_token\":\"a\",\"expires_in\":300}|t|300",
                "{\"token\":\"\",\"access_token\":\"a\",\"expires_in\":5.5}|a|5",
                "{\"token\":\"t\",\"expires_in\":0}|t|60",
                "{\"token\":\"t\",\"expires_in\":-7}|t|60",
                "{\"token\":\"t\",\"expires_in\":\"soon\"}|t|60",
                "{\"token\":\"t\",\"expires_in\":1e300}|t|86400",
                "{\"token\":\"t\",\"issued_at\":\"2009-11-10T23:00:00Z\",\"more\":[1]}|t|60"
            })
    void reads(String answer, String value, long seconds) {
        assertThat(Token.parse(answer.getBytes(StandardCharsets.UTF_8)))
                .contains(new Token(value, Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest(name = "no token: {0}")
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "<html>",
                "{\"token\":7}",
                "{\"token\":\"a b\"}",
                "{\"token\":\"a\\n\"}",
                "{\"token\""
            })
    void readsNone(String answer) {
        assertThat(Token.parse(answer.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    @DisplayName("a body 10,000 levels deep is not a token")
    void deep() {
        assertThat(Token.parse("[".repeat(10_000).getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    @DisplayName("a token is given up ahead of its end: a tenth of its life, at most 30 s")
    void usable() {
        assertThat(new Token("t", Duration.ofSeconds(60)).usable()).isEqualTo(Duration.ofSeconds(54));
        assertThat(new Token("t", Duration.ofHours(1)).usable()).isEqualTo(Duration.ofSeconds(3570));
    }

    @Test
    @DisplayName("printing a token does not show it")
    void printing() {
        assertThat(new Token("s3cret", Duration.ofSeconds(60)).toString()).doesNotContain("s3cret");
    }

    @ParameterizedTest(name = "realm {0}")
    @CsvSource({
        "https://x/t, https://x/t?service=a+b&scope=r%3Aa%3Apull&scope=r%3Ab%3Apull",
        "https://x/t?, https://x/t?service=a+b&scope=r%3Aa%3Apull&scope=r%3Ab%3Apull",
        "https://x/t?k=v, https://x/t?k=v&service=a+b&scope=r%3Aa%3Apull&scope=r%3Ab%3Apull",
        "https://x/t?k=v&, https://x/t?k=v&service=a+b&scope=r%3Aa%3Apull&scope=r%3Ab%3Apull"
    })
    void get(URI realm, String expected) {
        assertThat(TokenRequest.of(realm, "a b", List.of("r:b:pull", "r:a:pull"))
                        .get())
                .hasToString(expected);
    }

    @Test
    @DisplayName("nothing known about service and scope: the realm alone")
    void getPlain() {
        assertThat(TokenRequest.of(REALM, "", List.of()).get()).isEqualTo(REALM);
    }

    @Test
    @DisplayName("the form: password grant, or refresh_token grant for identity tokens")
    void form() {
        TokenRequest request = TokenRequest.of(REALM, "reg", List.of("b", "a"));

        assertThat(request.form(new Credential("me", "p&w=ü")))
                .isEqualTo(
                        "grant_type=password&username=me&password=p%26w%3D%C3%BC&client_id=stowage&service=reg&scope=a+b");
        assertThat(request.form(new Credential("<token>", "r")))
                .startsWith("grant_type=refresh_token&refresh_token=r&");
        assertThat(request.form(new Credential("", "r"))).startsWith("grant_type=refresh_token&refresh_token=r&");
    }

    @Test
    @DisplayName("the cache keeps by registry, realm, service, scopes and identity, until shortly before the end")
    void cache() {
        AtomicLong now = new AtomicLong();
        TokenCache cache = new TokenCache(now::get);
        TokenRequest request = TokenRequest.of(REALM, "reg", List.of("b", "a"));
        TokenCache.Key mine = new TokenCache.Key("host", request, "me");
        Token token = new Token("t", Duration.ofSeconds(60));

        cache.put(mine, token);

        assertThat(cache.get(new TokenCache.Key("host", TokenRequest.of(REALM, "reg", List.of("a", "b")), "me")))
                .contains(token);
        assertThat(cache.get(new TokenCache.Key("host", request, "you"))).isEmpty();
        assertThat(cache.get(new TokenCache.Key("host", request, ""))).isEmpty();
        assertThat(cache.get(new TokenCache.Key("other", request, "me"))).isEmpty();
        assertThat(cache.get(new TokenCache.Key("host", TokenRequest.of(REALM, "x", List.of("a", "b")), "me")))
                .isEmpty();
        now.set(Duration.ofSeconds(53).toNanos());
        assertThat(cache.get(mine)).contains(token);
        now.set(Duration.ofSeconds(55).toNanos());
        assertThat(cache.get(mine)).isEmpty();
    }

    @Test
    @DisplayName("the cache is bounded by the size of tokens, realms, services and scopes")
    void cacheIsBounded() {
        TokenCache cache = new TokenCache(() -> 0);
        String large = "x".repeat(100_000);
        Token small = new Token("t", Duration.ofHours(1));
        for (int i = 0; i < 200; i++) {
            URI realm = URI.create("https://auth.example/" + i);
            cache.put(
                    new TokenCache.Key("host", TokenRequest.of(realm, "", List.of()), ""),
                    new Token(large, Duration.ofHours(1)));
            cache.put(new TokenCache.Key("host", TokenRequest.of(realm, large, List.of()), ""), small);
            cache.put(new TokenCache.Key("host", TokenRequest.of(realm, "", List.of(large)), ""), small);
            cache.put(new TokenCache.Key("host", TokenRequest.of(URI.create(realm + large), "", List.of()), ""), small);
        }
        cache.cache().cleanUp();

        assertThat(cache.cache().estimatedSize() * large.length()).isLessThanOrEqualTo(TokenCache.MAX_BYTES);
    }

    @Test
    @DisplayName("dropping an old token leaves its successor")
    void drop() {
        TokenCache cache = new TokenCache(() -> 0);
        TokenCache.Key key = new TokenCache.Key("host", TokenRequest.of(REALM, "", List.of()), "");
        Token old = new Token("old", Duration.ofSeconds(60));
        Token successor = new Token("new", Duration.ofSeconds(60));
        cache.put(key, old);
        cache.put(key, successor);

        cache.drop(key, old);
        assertThat(cache.get(key)).contains(successor);
        cache.drop(key, successor);
        assertThat(cache.get(key)).isEmpty();
    }
}
