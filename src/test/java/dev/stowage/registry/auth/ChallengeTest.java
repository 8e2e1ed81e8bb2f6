package dev.stowage.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oddities of WWW-Authenticate. */
class ChallengeTest {

    private static final Map<String, String> FULL =
            Map.of("realm", "https://auth.example/token", "service", "reg", "scope", "repository:a/b:pull,push");

    static Stream<Arguments> bearers() {
        return Stream.of(
                Arguments.of(
                        "as usual",
                        "Bearer realm=\"https://auth.example/token\",service=\"reg\",scope=\"repository:a/b:pull,push\"",
                        FULL),
                Arguments.of(
                        "blanks after commas",
                        "Bearer realm=\"https://auth.example/token\",  service=\"reg\" , scope=\"repository:a/b:pull,push\"",
                        FULL),
                Arguments.of(
                        "another order",
                        "Bearer scope=\"repository:a/b:pull,push\",service=\"reg\",realm=\"https://auth.example/token\"",
                        FULL),
                Arguments.of(
                        "other case",
                        "bEARER REALM=\"https://auth.example/token\",Service=\"reg\",SCOPE=\"repository:a/b:pull,push\"",
                        FULL),
                Arguments.of(
                        "bare values",
                        "Bearer realm=https://auth.example/token,service=reg,scope=\"repository:a/b:pull,push\"",
                        FULL),
                Arguments.of(
                        "blanks around =",
                        "Bearer realm = \"https://auth.example/token\", service= reg, scope =\"repository:a/b:pull,push\"",
                        FULL),
                Arguments.of(
                        "backslash escapes",
                        "Bearer realm=\"https://auth.example/\\token\",service=\"a\\\"b\\\\c\"",
                        Map.of("realm", "https://auth.example/token", "service", "a\"b\\c")),
                Arguments.of(
                        "no service, no scope",
                        "Bearer realm=\"https://auth.example/token\"",
                        Map.of("realm", "https://auth.example/token")),
                Arguments.of(
                        "a realm with a query",
                        "Bearer realm=\"https://auth.example/token?a=b&c=d\",service=reg",
                        Map.of("realm", "https://auth.example/token?a=b&c=d", "service", "reg")),
                Arguments.of(
                        "a bare realm with a query",
                        "Bearer realm=https://x/t?a=b",
                        Map.of("realm", "https://x/t?a=b")),
                Arguments.of("the first of two", "Bearer realm=\"a\",realm=\"b\"", Map.of("realm", "a")),
                Arguments.of("an open quote", "Bearer realm=\"https://x/t", Map.of("realm", "https://x/t")),
                Arguments.of(
                        "an empty value",
                        "Bearer realm=\"https://x/t\",scope=\"\"",
                        Map.of("realm", "https://x/t", "scope", "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bearers")
    void reads(String name, String header, Map<String, String> parameters) {
        assertThat(Challenge.parse(List.of(header))).containsExactly(new Challenge("bearer", parameters));
    }

    @Test
    @DisplayName("several lines: bearer before basic")
    void severalLines() {
        List<Challenge> challenges =
                Challenge.parse(List.of("Basic realm=\"r\"", "Negotiate", "Bearer realm=\"https://x/t\""));

        assertThat(challenges).extracting(Challenge::scheme).containsExactly("basic", "negotiate", "bearer");
        assertThat(Challenge.choose(challenges))
                .get()
                .extracting(Challenge::realm)
                .isEqualTo("https://x/t");
    }

    @Test
    @DisplayName("several challenges in one line")
    void oneLine() {
        List<Challenge> challenges = Challenge.parse(
                List.of("Negotiate abc==, Basic realm=\"a, b\", Bearer realm=\"https://x/t\",service=\"s\""));

        assertThat(challenges).extracting(Challenge::scheme).containsExactly("negotiate", "basic", "bearer");
        assertThat(challenges.get(1).realm()).isEqualTo("a, b");
        assertThat(challenges.get(2).service()).isEqualTo("s");
    }

    @Test
    @DisplayName("a bearer challenge without realm cannot be answered; basic next to it can")
    void bearerWithoutRealm() {
        assertThat(Challenge.choose(Challenge.parse(List.of("Bearer service=\"s\""))))
                .isEmpty();
        assertThat(Challenge.choose(Challenge.parse(List.of("Bearer service=\"s\"", "Basic"))))
                .get()
                .matches(Challenge::isBasic);
    }

    @Test
    @DisplayName("scopes are separated by blanks; the error is read")
    void scopesAndError() {
        Challenge challenge = Challenge.parse(
                        List.of("Bearer scope=\"a:b:pull  c:d:pull\",error=\"insufficient_scope\""))
                .get(0);

        assertThat(challenge.scopes()).containsExactly("a:b:pull", "c:d:pull");
        assertThat(challenge.parameters()).containsEntry("error", "insufficient_scope");
        assertThat(new Challenge("bearer", Map.of()).scopes()).isEmpty();
    }

    @ParameterizedTest(name = "garbage: {0}")
    @ValueSource(
            strings = {"", ",,,", "=", "\"", "=\"x", "\"\"\"", "a\"b=c", "realm=\"x\"", "Bearer =", "\u0000=\u0001"})
    void rubbish(String header) {
        assertThat(Challenge.choose(Challenge.parse(List.of(header)))).isEmpty();
    }

    @Test
    @DisplayName("a line of 10 kB is left out")
    void huge() {
        assertThat(Challenge.parse(List.of("Bearer realm=\"" + "x".repeat(10_000) + "\"")))
                .isEmpty();
    }
}
