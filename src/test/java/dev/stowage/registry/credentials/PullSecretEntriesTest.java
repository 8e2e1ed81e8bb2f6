package dev.stowage.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What of a pull secret is read, and what makes it malformed. */
class PullSecretEntriesTest {

    private static final String U1 = user("u1");
    private static final String U2 = user("u2");

    @Test
    @DisplayName("a password that contains colons")
    void aPasswordHoldsColons() {
        PullSecret secret = secret("a", "example.com", "{\"auth\":\"" + base64("u:p:q:") + "\"}");
        assertThat(credentials(List.of(secret), X)).containsExactly(new Credential("u", "p:q:"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void base64MayLackItsPadding(String name, String auth) {
        PullSecret secret = secret("a", "example.com", "{\"auth\":\"" + auth + "\"}");
        assertThat(credentials(List.of(secret), X)).containsExactly(new Credential("u1", "pass"));
    }

    static Stream<Arguments> base64MayLackItsPadding() {
        String padded = base64("u1:pass");
        return Stream.of(
                arguments("padded", padded),
                arguments("unpadded", padded.replace("=", "")),
                arguments("with line ends", padded.substring(0, 4) + "\\r\\n" + padded.substring(4)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aMalformedEntryFailsEveryPullOfThePodAndIsNamedWithoutItsContent(
            String name, PullSecret malformed, String why) {
        List<PullSecret> secrets = List.of(secret("good", "example.com", U1), malformed);
        for (Repository repository : List.of(X, at("elsewhere.test", "y"))) {
            assertThat(access(secrets, repository))
                    .isEqualTo(new RegistryResult.Failure<>(RegistryFailure.of(
                            RegistryFailure.Kind.INVALID,
                            repository.registry(),
                            repository.path(),
                            "pull secret \"bad\" is malformed, so the kubelet cannot pull: " + why)));
        }
    }

    static Stream<Arguments> aMalformedEntryFailsEveryPullOfThePodAndIsNamedWithoutItsContent() {
        return Stream.of(
                arguments(
                        "auth without colon",
                        entry("{\"auth\":\"" + base64("hunter2") + "\"}"),
                        "entry \"h\" has an auth that is not base64 of user:password"),
                arguments(
                        "auth not base64",
                        entry("{\"auth\":\"hunter2:hunter2\"}"),
                        "entry \"h\" has an auth that is not base64"),
                arguments(
                        "auth half padded",
                        entry("{\"auth\":\"YTpiYw=\"}"),
                        "entry \"h\" has an auth that is not base64"),
                arguments("auth a number", entry("{\"auth\":1}"), "\"auth\" of entry \"h\" is not a string"),
                arguments("an entry is a string", entry("\"hunter2\""), "entry \"h\" is not a JSON object"),
                arguments("broken JSON", json("bad", "{\"auths\":{\"hunter2\""), "it is not valid JSON"),
                arguments("two documents", json("bad", "{} {}"), "it is not valid JSON"),
                arguments("blank", json("bad", "  "), "it is empty"),
                arguments("not an object", json("bad", "[]"), "it is not a JSON object"),
                arguments("auths a list", json("bad", "{\"auths\":[]}"), "\"auths\" is not a JSON object"),
                arguments(
                        "a hostile host is escaped",
                        json("bad", "{\"auths\":{\"\\u001b[31m\\u202e\":{\"auth\":\"!\"}}}"),
                        "entry \"\\u001b[31m\\u202e\" has an auth that is not base64"),
                arguments("too large", json("bad", "{\"auths\":{}}" + " ".repeat(1 << 20)), "it is larger than 1 MiB"),
                arguments(
                        "20,000 levels deep",
                        json("bad", "{\"x\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}"),
                        "it is not valid JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatGoReadsIsRead(String name, String json, String tried) {
        assertThat(String.join(", ", usersOf(List.of(json("a", json)), X))).isEqualTo(tried);
    }

    static Stream<Arguments> whatGoReadsIsRead() {
        return Stream.of(
                arguments("names in any case", "{\"AUTHS\":{\"example.com\":{\"UserName\":\"u1\"}}}", "u1"),
                arguments(
                        "of duplicates the last",
                        "{\"auths\":{\"example.com\":" + U2 + ",\"example.com\":" + U1 + "}}",
                        "u1"),
                arguments("null for auths", "{\"auths\":null}", ""),
                arguments("null for all", "null", ""),
                arguments("null for an entry", "{\"auths\":{\"example.com\":null}}", "-"),
                arguments(
                        "unknown fields",
                        "{\"x\":[1,{}],\"auths\":{\"example.com\":{\"username\":\"u1\",\"y\":{}}}}",
                        "u1"),
                arguments("a password without user", "{\"auths\":{\"example.com\":{\"password\":\"p\"}}}", "-"),
                arguments("50,000 entries", many(50_000), "u1"));
    }

    @Test
    void printingASecretShowsNoContent() {
        assertThat(secret("regcred", "example.com", U1)).hasToString("PullSecret[regcred]");
        assertThat(new Credential("u1", "hunter2").toString()).doesNotContain("hunter2");
    }

    private static final Repository X = at("example.com", "x");

    private static List<String> usersOf(List<PullSecret> secrets, Repository repository) {
        return credentials(secrets, repository).stream()
                .map(credential -> credential.isAnonymous() ? "-" : credential.username())
                .toList();
    }

    private static List<Credential> credentials(List<PullSecret> secrets, Repository repository) {
        return new CredentialMatcher(secrets).credentialsFor(repository);
    }

    private static RegistryResult<ReadCredentials> access(List<PullSecret> secrets, Repository repository) {
        return new PullSecretKeyring(secrets, List.of(), CredentialProvider.NONE, List.of(), true)
                .credentialsFor(repository, soon())
                .join();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30));
    }

    private static PullSecret entry(String entry) {
        return secret("bad", "h", entry);
    }

    private static PullSecret secret(String name, String key, String entry) {
        return json(name, auths(key, entry));
    }

    private static PullSecret json(String name, String json) {
        return PullSecret.of(name, "kubernetes.io/dockerconfigjson", Map.of(".dockerconfigjson", bytes(json)));
    }

    private static String auths(String key, String entry) {
        return "{\"auths\":{\"" + key + "\":" + entry + "}}";
    }

    private static String many(int count) {
        StringBuilder auths = new StringBuilder("{\"auths\":{");
        for (int i = 0; i < count; i++) {
            auths.append("\"h").append(i).append("\":{},");
        }
        return auths.append("\"example.com\":").append(U1).append("}}").toString();
    }

    private static String user(String name) {
        return "{\"auth\":\"" + base64(name + ":" + name + "-secret") + "\"}";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Repository at(String registry, String path) {
        return new Repository(registry, path);
    }
}
