package dev.stowage.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.auth.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DockerConfigTest {

    private static final Repository NGINX = new Repository("docker.io", "library/nginx");
    private static final Repository APP = new Repository("example.com", "team/app");

    @TempDir
    Path home;

    @Test
    void withoutAnyFileEverythingIsAnonymous() throws Exception {
        assertThat(access(load(Map.of()), APP)).isEqualTo(ReadCredentials.ANONYMOUS);
    }

    @Test
    void anEmptyFileHoldsNothing() throws Exception {
        docker("");
        assertThat(access(load(Map.of()), APP)).isEqualTo(ReadCredentials.ANONYMOUS);
    }

    @ParameterizedTest(name = "a login at {0} serves {1}/{2}: {3}")
    @CsvSource({
        "https://index.docker.io/v1/, docker.io, library/nginx, true",
        "index.docker.io, docker.io, library/nginx, true",
        "docker.io, docker.io, library/nginx, true",
        "https://index.docker.io/v1/, example.com, x, false",
        "https://index.docker.io/v1/, localhost, x, false",
        "example.com, example.com, x, true",
        "https://example.com, example.com, x, true",
        "http://example.com/v1/, example.com, x, true",
        "https://example.com/v2/, example.com, x, true",
        "example.com/, example.com, x, true",
        "example.com:5000, example.com:5000, x, true",
        "example.com, example.com:5000, x, false",
        "*.example.com, a.example.com, x, false",
        "quay.io/org, quay.io, org/app, true",
        "quay.io/org, quay.io, organic/app, false",
        "quay.io/org, quay.io, app, false",
        "example.com, example.com.evil.test, x, false",
        "example.com, evil-example.com, x, false"
    })
    void hostsAreComparedAsDockerDoes(String key, String registry, String path, boolean serves) throws Exception {
        docker("{\"auths\":{\"" + key + "\":" + login("u") + "}}");
        assertThat(access(load(Map.of()), new Repository(registry, path)))
                .isEqualTo(
                        serves ? new ReadCredentials(List.of(new Credential("u", "pw"))) : ReadCredentials.ANONYMOUS);
    }

    @Test
    void anIdentityTokenIsTakenBeforeAPassword() throws Exception {
        docker("{\"auths\":{\"example.com\":{\"auth\":\"" + base64("00000000:") + "\",\"identitytoken\":\"t\"}}}");
        assertThat(access(load(Map.of()), APP)).isEqualTo(new ReadCredentials(List.of(Credential.identityToken("t"))));
    }

    @Test
    void theLongestKeyOfPodmanIsMeant() throws Exception {
        docker("{\"auths\":{\"example.com\":" + login("host") + ",\"example.com/team\":" + login("team") + "}}");
        assertThat(access(load(Map.of()), APP)).isEqualTo(new ReadCredentials(List.of(new Credential("team", "pw"))));
    }

    @Test
    void environmentVariablesSayWhereTheFilesAre() throws Exception {
        docker("{\"auths\":{\"example.com\":" + login("home") + "}}");
        Path docker = file("elsewhere/config.json", "{\"auths\":{\"example.com\":" + login("docker") + "}}");
        Path podman = file("podman.json", "{\"auths\":{\"quay.io\":" + login("podman") + "}}");
        file("run/containers/auth.json", "{\"auths\":{\"quay.io\":" + login("runtime") + "}}");
        Map<String, String> all = Map.of(
                "DOCKER_CONFIG", docker.getParent().toString(),
                "REGISTRY_AUTH_FILE", podman.toString(),
                "XDG_RUNTIME_DIR", home.resolve("run").toString());
        Repository quay = new Repository("quay.io", "x");
        assertThat(access(load(all), APP).credentials()).containsExactly(new Credential("docker", "pw"));
        assertThat(access(load(all), quay).credentials()).containsExactly(new Credential("podman", "pw"));
        Map<String, String> runtime =
                Map.of("XDG_RUNTIME_DIR", home.resolve("run").toString());
        assertThat(access(load(runtime), APP).credentials()).containsExactly(new Credential("home", "pw"));
        assertThat(access(load(runtime), quay).credentials()).containsExactly(new Credential("runtime", "pw"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void helpersAreAskedTheHostsOwnFirst() throws Exception {
        helper("own");
        helper("store");
        docker("{\"auths\":{\"example.com\":{},\"quay.io\":{},\"plain.test\":" + login("plain") + "},"
                + "\"credHelpers\":{\"example.com\":\"own\",\"docker.io\":\"own\"},\"credsStore\":\"store\"}");
        DockerConfig config = load(Map.of("PATH", home.toString()));
        assertThat(access(config, APP).credentials()).containsExactly(new Credential("own", "example.com"));
        assertThat(access(config, new Repository("quay.io", "x")).credentials())
                .containsExactly(new Credential("store", "quay.io"));
        assertThat(access(config, NGINX).credentials())
                .containsExactly(new Credential("own", "https://index.docker.io/v1/"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whereTheHelperKnowsNothingThePlainLoginServes() throws Exception {
        Scripts.install(home, "store", "echo credentials not found in native keychain; exit 1");
        docker("{\"auths\":{\"example.com\":" + login("plain") + "},\"credsStore\":\"store\"}");
        DockerConfig config = load(Map.of("PATH", home.toString()));
        assertThat(access(config, APP).credentials()).containsExactly(new Credential("plain", "pw"));
        assertThat(access(config, NGINX)).isEqualTo(ReadCredentials.ANONYMOUS);
    }

    @Test
    void aMissingHelperFailsWithTheMend() throws Exception {
        docker("{\"credsStore\":\"desktop.exe\"}");
        RegistryResult<ReadCredentials> answer = load(Map.of("PATH", home.toString()))
                .credentialsFor(NGINX, soon())
                .join();
        String reason = answer.fold(found -> "found", failure -> failure.kind() + " " + failure.reason());
        assertThat(reason)
                .startsWith("UNAVAILABLE the credential helper docker-credential-desktop.exe is not installed");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aMalformedFileIsOneSentenceThatNamesItAndShowsNoSecret(String name, String content, String reason)
            throws Exception {
        docker(content);
        assertThatThrownBy(() -> load(Map.of()))
                .isInstanceOf(InvalidDockerConfigException.class)
                .hasMessage("cannot read credentials from " + home.resolve(".docker/config.json") + ": " + reason);
    }

    static Stream<Arguments> aMalformedFileIsOneSentenceThatNamesItAndShowsNoSecret() {
        return Stream.of(
                arguments("broken", "{\"auths\":{\"hunter2\"", "it is not valid JSON"),
                arguments("a list", "[]", "it is not a JSON object"),
                arguments(
                        "not base64",
                        "{\"auths\":{\"h\":{\"auth\":\"hunter2:\"}}}",
                        "entry \"h\" has an auth that is not base64"),
                arguments("credsStore a number", "{\"credsStore\":1}", "\"credsStore\" is not a string"),
                arguments(
                        "credHelpers of a host a number",
                        "{\"credHelpers\":{\"h\":1}}",
                        "\"credHelpers\" of \"h\" is not a string"),
                arguments(
                        "a helper outside the path",
                        "{\"credsStore\":\"../x\"}",
                        "\"../x\" is not a valid credential helper name: use the part after docker-credential-,"
                                + " such as ecr-login"),
                arguments("too large", "{}" + " ".repeat(1 << 20), "it is larger than 1 MiB"));
    }

    @Test
    void aFolderInPlaceOfTheFileIsSaid() throws Exception {
        Files.createDirectories(home.resolve(".docker/config.json"));
        assertThatThrownBy(() -> load(Map.of())).hasMessageEndingWith("config.json: it is a folder");
    }

    private DockerConfig load(Map<String, String> environment) throws InvalidDockerConfigException {
        return DockerConfig.load(environment, home);
    }

    private void docker(String content) throws IOException {
        file(".docker/config.json", content);
    }

    private Path file(String path, String content) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private void helper(String name) throws IOException {
        Scripts.install(home, name, "read -r s; printf '{\"Username\":\"" + name + "\",\"Secret\":\"%s\"}' \"$s\"");
    }

    private static ReadCredentials access(DockerConfig config, Repository repository) {
        return config.credentialsFor(repository, soon()).join().fold(credentials -> credentials, failure -> {
            throw new AssertionError(failure.reason());
        });
    }

    private static String login(String user) {
        return "{\"auth\":\"" + base64(user + ":pw") + "\"}";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30));
    }
}
