package dev.stowage.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which credentials match which image, as in the kubelet; ServiceAccounts are in PullSecretsTest. */
class CredentialMatcherTest {

    private static final String U1 = user("u1");
    private static final String U2 = user("u2");

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource
    void credentialsAreThoseThatTheKubeletTries(
            String row, List<PullSecret> secrets, Repository repository, String tried) {
        assertThat(String.join(", ", usersOf(secrets, repository))).isEqualTo(tried);
    }

    static Stream<Arguments> credentialsAreThoseThatTheKubeletTries() {
        Repository nginx = new Repository("docker.io", "library/nginx");
        return Stream.of(
                row("docker.io", keys("docker.io"), nginx, "u1"),
                row("https://index.docker.io/v1/", keys("https://index.docker.io/v1/"), nginx, "u1"),
                row("no slash at the end", keys("https://index.docker.io/v1"), nginx, ""),
                row("registry-1.docker.io", keys("registry-1.docker.io"), nginx, ""),
                row(
                        "docker.io, https://index.docker.io/v1/",
                        keys("docker.io", "https://index.docker.io/v1/"),
                        nginx,
                        "u1"),
                row("not mine", hubAndMine(), new Repository("docker.io", "other/app"), "u2"),
                row("mine", hubAndMine(), new Repository("docker.io", "me/app"), "u1"),
                row("quay.io, quay.io/org", keys("quay.io", "quay.io/org"), at("quay.io", "org/app"), "u2, u1"),
                row("a prefix, not a folder", keys("quay.io/org"), at("quay.io", "organic/app"), "u1"),
                row("quay.io/org/", keys("quay.io/org/"), at("quay.io", "organic/app"), ""),
                row("one part", keys("*.example.com"), at("a.example.com", "x"), "u1"),
                row("two parts", keys("*.example.com"), at("a.b.example.com", "x"), ""),
                row("no part", keys("*.example.com"), at("example.com", "x"), ""),
                row("*.*.example.com", keys("*.*.example.com"), at("a.b.example.com", "x"), "u1"),
                row("? begins a query", keys("reg?.example.com"), at("reg7.example.com", "x"), ""),
                row("example.com", keys("example.com"), at("example.com:5000", "x"), ""),
                row("example.com:5000", keys("example.com:5000"), at("example.com:5000", "x"), "u1"),
                row("example.com:443", keys("example.com:443"), at("example.com", "x"), ""),
                row("http://example.com/v2/", keys("http://example.com/v2/"), at("example.com", "x"), "u1"),
                row("example.com/v2/team/", keys("example.com/v2/team/"), at("example.com", "team/x"), "u1"),
                row("EXAMPLE.com", keys("EXAMPLE.com"), at("example.com", "x"), ""),
                row(
                        "two secrets",
                        List.of(secret("a", "example.com", U1), secret("b", "example.com", U2)),
                        X,
                        "u1, u2"),
                row(
                        "two secrets, one for a folder",
                        List.of(secret("a", "example.com", U1), secret("b", "example.com/t", U2)),
                        at("example.com", "t/x"),
                        "u2, u1"),
                row(
                        "*.example.com, a.example.com",
                        keys("*.example.com", "a.example.com"),
                        at("a.example.com", "x"),
                        "u2, u1"),
                row(
                        "without auth",
                        List.of(secret("a", "example.com", "{\"username\":\"u1\",\"password\":\"p\"}")),
                        X,
                        "u1"),
                row(
                        "auth wins",
                        List.of(secret(
                                "a",
                                "example.com",
                                "{\"username\":\"u1\",\"password\":\"p\",\"auth\":\"" + base64("u2:p") + "\"}")),
                        X,
                        "u2"),
                row("identitytoken only", List.of(secret("a", "example.com", "{\"identitytoken\":\"t\"}")), X, "-"),
                row(
                        "credHelpers only",
                        List.of(json("a", "{\"credHelpers\":{\"example.com\":\"x\"},\"credsStore\":\"y\"}")),
                        X,
                        ""),
                row(
                        "type Opaque",
                        List.of(PullSecret.of(
                                "a", "Opaque", Map.of(".dockerconfigjson", bytes(auths("example.com", U1))))),
                        X,
                        ""),
                row(
                        "legacy dockercfg",
                        List.of(PullSecret.of(
                                "a",
                                "kubernetes.io/dockercfg",
                                Map.of(".dockercfg", bytes("{\"example.com\":" + U1 + "}")))),
                        X,
                        "u1"),
                row("gcr.io", keys("gcr.io"), at("eu.gcr.io", "p/x"), ""),
                row("example.com/t/x", keys("example.com/t/x"), at("example.com", "t/x"), "u1"),
                row("with a tag", keys("example.com/t/x:v1"), at("example.com", "t/x"), ""),
                row("IPv6", keys("[::1]:5000"), at("[::1]:5000", "x"), "u1"),
                row("localhost:5000", keys("localhost:5000"), at("localhost:5000", "x"), "u1"),
                row("localhost", keys("localhost"), at("localhost", "x"), "u1"),
                row("nothing after the credentials", keys("example.com"), X, "u1"));
    }

    @Test
    @DisplayName("credentials that were found leave no anonymous try")
    void credentialsFoundLeaveNoAnonymousTry() {
        RegistryResult<ReadCredentials> answer = access(keys("example.com"), X);
        assertThat(answer)
                .isEqualTo(
                        new RegistryResult.Success<>(new ReadCredentials(List.of(new Credential("u1", "u1-secret")))));
    }

    @Test
    @DisplayName("an empty credential is anonymous access")
    void anEmptyCredentialIsAnonymousAccess() {
        List<PullSecret> secrets = List.of(secret("a", "example.com", "{\"identitytoken\":\"t\"}"));
        assertThat(access(secrets, X)).isEqualTo(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));
    }

    @ParameterizedTest(name = "{0} gets nothing meant for registry.example.com")
    @MethodSource
    void hostsThatOnlyLookAlikeGetNothing(String host) {
        List<PullSecret> secrets = keys("registry.example.com", "https://registry.example.com/v1/", "*.example.com");
        assertThat(usersOf(secrets, at(host, "team/app"))).isEmpty();
    }

    static Stream<String> hostsThatOnlyLookAlikeGetNothing() {
        return Stream.of(
                "registry.example.com.evil.test",
                "evil-registry.example.com.test",
                "registry.example.comevil",
                "evilregistry.example.com.",
                "registry.example.com:8443",
                "registry-example.com",
                "example.com",
                "docker.io",
                "localhost");
    }

    @Test
    @DisplayName("a login at Docker Hub goes to no other host")
    void aLoginAtDockerHubGoesToNoOtherHost() {
        List<PullSecret> secrets = keys("https://index.docker.io/v1/", "docker.io");
        for (String host : List.of("localhost", "localhost:5000", "registry-1.docker.io", "docker.io:443", "ghcr.io")) {
            assertThat(usersOf(secrets, at(host, "library/nginx"))).as(host).isEmpty();
        }
    }

    @Test
    void nodeSecretsComeAfterThePodsHonourIdentityTokensAndNeverFailAPull() {
        PullSecret node = PullSecret.ofNode(
                "node",
                "kubernetes.io/dockerconfigjson",
                Map.of(
                        ".dockerconfigjson",
                        bytes(auths(
                                "example.com", "{\"auth\":\"" + base64("00000:") + "\",\"identitytoken\":\"t\"}"))));
        PullSecret broken =
                PullSecret.ofNode("broken", "kubernetes.io/dockerconfigjson", Map.of(".dockerconfigjson", bytes("{")));
        PullSecretKeyring keyring = new PullSecretKeyring(
                keys("example.com"), List.of(broken, node), CredentialProvider.NONE, List.of("a note"), false);
        assertThat(keyring.credentialsFor(X, soon()).join())
                .isEqualTo(new RegistryResult.Success<>(new ReadCredentials(
                        List.of(new Credential("u1", "u1-secret"), Credential.identityToken("t")))));
        assertThat(keyring.notes()).containsExactly("a note");
        assertThat(keyring.complete()).isFalse();
    }

    @Test
    @DisplayName(
            "the identity at a cloud comes after the pod's secrets and before the global secret and plugins; its problem is named")
    void cloudIdentity() {
        PullSecret node = PullSecret.ofNode(
                "node", "kubernetes.io/dockerconfigjson", Map.of(".dockerconfigjson", bytes(auths("example.com", U2))));
        PullSecretKeyring keyring = new PullSecretKeyring(
                "shop",
                keys("example.com"),
                provider("cloud", "no role"),
                List.of(node),
                provider("plugin", ""),
                List.of("a note"),
                true);

        assertThat(keyring.credentialsFor(X, soon()).join())
                .isEqualTo(new RegistryResult.Success<>(new ReadCredentials(List.of(
                        new Credential("u1", "u1-secret"),
                        new Credential("cloud", "s"),
                        new Credential("u2", "u2-secret"),
                        new Credential("plugin", "s")))));
        assertThat(keyring.notes(X)).containsExactly("a note", "no role");
        assertThat(keyring.complete(X)).isFalse();
        assertThat(keyring.complete()).isTrue();
        assertThat(keyring.permission(X)).contains("grant cloud");
    }

    private static CredentialProvider provider(String user, String problem) {
        return new CredentialProvider() {
            @Override
            public CompletableFuture<List<Credential>> credentialsFor(Repository repository, Deadline deadline) {
                return CompletableFuture.completedFuture(List.of(new Credential(user, "s")));
            }

            @Override
            public Optional<String> problem(Repository repository) {
                return Optional.of(problem).filter(text -> !text.isEmpty());
            }

            @Override
            public Optional<String> permission(Repository repository) {
                return Optional.of("grant " + user);
            }
        };
    }

    @Test
    @DisplayName("credentials are the pod's if one of its secrets gives a user, not if only the node's do")
    void ofThePod() {
        PullSecret node = PullSecret.ofNode(
                "node", "kubernetes.io/dockerconfigjson", Map.of(".dockerconfigjson", bytes(auths("example.com", U2))));

        assertThat(ofPod(keys("example.com"), List.of(node))).isTrue();
        assertThat(ofPod(keys("other.example"), List.of(node))).isFalse();
        assertThat(ofPod(List.of(secret("anonymous", "example.com", "{}")), List.of(node)))
                .isFalse();
        assertThat(ofPod(List.of(), List.of())).isFalse();
    }

    @Test
    @DisplayName("pull secrets come first, then plug-ins, the node's secrets and helpers; what is missing is handed on")
    void order() {
        PullSecret node = PullSecret.ofNode(
                "node", "kubernetes.io/dockerconfigjson", Map.of(".dockerconfigjson", bytes(auths("example.com", U2))));
        List<String> owners = new ArrayList<>();
        RegistryResult<ReadCredentials> result = new PullSecretKeyring(
                        "shop",
                        keys("example.com"),
                        providing("plugin", "a plug-in failed", owners),
                        List.of(node),
                        providing("helper", "a helper failed", owners),
                        List.of(),
                        true)
                .credentialsFor(X, soon())
                .join();

        ReadCredentials credentials = result.fold(found -> found, failure -> ReadCredentials.ANONYMOUS);
        assertThat(credentials.credentials())
                .extracting(Credential::username)
                .containsExactly("u1", "plugin", "u2", "helper");
        assertThat(credentials.problems()).containsExactly("a plug-in failed", "a helper failed");
        assertThat(credentials.ofPod()).isTrue();
        assertThat(owners).containsExactly("shop", "shop");
    }

    private static CredentialProvider providing(String user, String problem, List<String> owners) {
        return new CredentialProvider() {
            @Override
            public CompletableFuture<List<Credential>> credentialsFor(Repository repository, Deadline deadline) {
                throw new AssertionError("the namespace is known");
            }

            @Override
            public CompletableFuture<ProvidedCredentials> provide(
                    Repository repository, String namespace, Deadline deadline) {
                owners.add(namespace);
                return CompletableFuture.completedFuture(
                        new ProvidedCredentials(List.of(new Credential(user, "secret")), List.of(problem)));
            }
        };
    }

    private static boolean ofPod(List<PullSecret> pod, List<PullSecret> node) {
        return new PullSecretKeyring(
                        "shop", pod, CredentialProvider.NONE, node, CredentialProvider.NONE, List.of(), true)
                .credentialsFor(X, soon())
                .join()
                .fold(ReadCredentials::ofPod, failure -> {
                    throw new AssertionError(failure);
                });
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

    private static Arguments row(String row, List<PullSecret> secrets, Repository repository, String tried) {
        return arguments(row, secrets, repository, tried);
    }

    /** One secret with these keys, of which the first is u1's, the second u2's and so on. */
    private static List<PullSecret> keys(String... keys) {
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < keys.length; i++) {
            entries.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(keys[i])
                    .append("\":")
                    .append(user("u" + (i + 1)));
        }
        return List.of(json("regcred", "{\"auths\":{" + entries + "}}"));
    }

    private static List<PullSecret> hubAndMine() {
        return keys("docker.io/me", "https://index.docker.io/v1/");
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
