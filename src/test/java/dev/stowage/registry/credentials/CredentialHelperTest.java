package dev.stowage.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.stowage.async.Deadline;
import dev.stowage.registry.Credential;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.auth.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real helpers, as small shell scripts. */
@DisabledOnOs(OS.WINDOWS)
class CredentialHelperTest {

    private static final String LOGIN = "printf '{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"s\"}'";

    @TempDir
    Path folder;

    @Test
    void theHostIsGivenOnStandardInputAndTheCredentialRead() throws Exception {
        install("[ \"$1\" = get ] || exit 3; read -r server; "
                + "printf '{\"ServerURL\":\"%s\",\"Username\":\"u@%s\",\"Secret\":\"s\"}\\n' \"$server\" \"$server\"");
        assertThat(ask()).isEqualTo(found(new Credential("u@example.com:5000", "s")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void answersAreRead(String name, String script, RegistryResult<Optional<Credential>> expected) throws Exception {
        install(script);
        assertThat(ask()).isEqualTo(expected);
    }

    static Stream<Arguments> answersAreRead() {
        return Stream.of(
                arguments(
                        "an identity token",
                        "printf '{\"Username\":\"<token>\",\"Secret\":\"t\"}'",
                        found(Credential.identityToken("t"))),
                arguments(
                        "not found, as helpers say it",
                        "echo 'credentials not found in native keychain'; exit 1",
                        new RegistryResult.Success<>(Optional.empty())),
                arguments("nothing stored", "printf '{}'", new RegistryResult.Success<>(Optional.empty())),
                arguments(
                        "what it says on standard error does not matter",
                        "echo hunter2 >&2; " + LOGIN,
                        found(new Credential("u", "s"))),
                arguments("it does not read its input", "exec 0<&-; " + LOGIN, found(new Credential("u", "s"))));
    }

    @ParameterizedTest(name = "nothing of the output is shown: {0}")
    @MethodSource
    void failuresSayHowToSeeWhyAndShowNothingOfTheOutput(String name, String script, String reason) throws Exception {
        install(script);
        RegistryFailure failure = failure(ask());
        assertThat(failure.kind()).isEqualTo(RegistryFailure.Kind.UNAVAILABLE);
        assertThat(failure.host()).isEqualTo("example.com:5000");
        assertThat(failure.reason())
                .isEqualTo("docker-credential-test " + reason
                        + "; to see why: echo 'example.com:5000' | docker-credential-test get")
                .doesNotContain("hunter2");
    }

    static Stream<Arguments> failuresSayHowToSeeWhyAndShowNothingOfTheOutput() {
        String rubbish = "returned something that is not a user name and a secret in JSON";
        return Stream.of(
                arguments("it fails", "echo hunter2; echo hunter2 >&2; exit 7", "failed with exit code 7"),
                arguments("rubbish", "echo hunter2", rubbish),
                arguments("a list", "echo '[\"hunter2\"]'", rubbish),
                arguments("no user", "echo '{\"Secret\":\"hunter2\"}'", rubbish),
                arguments("a number for a secret", "echo '{\"Username\":\"u\",\"Secret\":1}'", rubbish),
                arguments("nothing", "exit 0", rubbish),
                arguments(
                        "a flood",
                        "while :; do echo hunter2hunter2hunter2hunter2; done",
                        "printed too much and was stopped"));
    }

    @Test
    void aHelperThatHangsIsKilledWithItsChildren() throws Exception {
        Path pids = folder.resolve("pids");
        install("sleep 600 & echo $! >> " + pids + "; (sleep 600) & echo $$ >> " + pids + "; wait");
        CompletableFuture<RegistryResult<Optional<Credential>>> asked =
                CredentialHelper.named("test", List.of(folder)).credentialFor("h", Deadline.in(Duration.ofSeconds(3)));
        assertThat(asked).isNotDone();
        RegistryFailure failure = failure(asked.join());
        assertThat(failure.kind()).isEqualTo(RegistryFailure.Kind.TIMEOUT);
        assertThat(failure.reason()).startsWith("docker-credential-test did not respond in time and was stopped");
        List<String> started = Files.readAllLines(pids);
        assertThat(started).hasSize(2);
        for (String pid : started) {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
            if (process.isPresent()) {
                assertEnded(process.get());
            }
        }
    }

    /** Killed and, where nobody collects orphans, at least no longer a program. */
    private static void assertEnded(ProcessHandle process) throws Exception {
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            assertThat(process.info().command()).isEmpty();
        }
    }

    @Test
    void aChildThatKeepsTheOutputOpenHoldsNothingUp() throws Exception {
        install("sleep 5 & " + LOGIN);
        assertThat(ask()).isEqualTo(found(new Credential("u", "s")));
    }

    @Test
    void aMissingHelperIsNamedWithTheMend() {
        RegistryFailure failure = failure(ask());
        assertThat(failure.kind()).isEqualTo(RegistryFailure.Kind.UNAVAILABLE);
        assertThat(failure.reason())
                .isEqualTo("the credential helper docker-credential-test is not installed: put it on the PATH,"
                        + " or remove \"test\" from the configuration");
    }

    @Test
    void whatIsNoProgramIsSaidToBeNone() throws Exception {
        install("exit 0");
        Files.writeString(folder.resolve("docker-credential-test"), "#!" + folder.resolve("no-such-shell") + "\n");
        assertThat(failure(ask()).reason()).contains("cannot be run");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", "../x", "a/b", "a\\b", "-x", ".x", "a b", "a;b", "a\u0000", "ä"})
    void namesThatLeaveTheFolderAreRefused(String name) {
        assertThatThrownBy(() -> CredentialHelper.named(name, List.of(folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a valid credential helper name");
    }

    @Test
    void relativeFoldersOfThePathAreLeftOut() {
        assertThat(CredentialHelper.searchPath("/a:.::bin:/b")).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(CredentialHelper.searchPath(null)).isEmpty();
    }

    private void install(String script) throws IOException {
        Scripts.install(folder, "test", script);
    }

    private RegistryResult<Optional<Credential>> ask() {
        return CredentialHelper.named("test", List.of(folder))
                .credentialFor("example.com:5000", Deadline.in(Duration.ofSeconds(30)))
                .join();
    }

    private static RegistryResult<Optional<Credential>> found(Credential credential) {
        return new RegistryResult.Success<>(Optional.of(credential));
    }

    private static RegistryFailure failure(RegistryResult<Optional<Credential>> answer) {
        return answer.fold(
                found -> {
                    throw new AssertionError("not a failure");
                },
                failure -> failure);
    }
}
