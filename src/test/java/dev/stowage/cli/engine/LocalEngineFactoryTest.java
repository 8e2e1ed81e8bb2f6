package dev.stowage.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.async.Deadline;
import dev.stowage.cli.output.Durations;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class LocalEngineFactoryTest {

    @TempDir
    private Path home;

    @Test
    void withoutConfigurationNamesBelongToDockerHub() {
        assertThat(open(Map.of()).defaultRegistry()).isEqualTo("docker.io");
    }

    @Test
    void theFileOfTheOptionIsRead() throws Exception {
        Path file = config("stowage: {defaultRegistry: registry.example}\n");

        assertThat(open(Map.of(), "--config", file.toString()).defaultRegistry())
                .isEqualTo("registry.example");
    }

    @Test
    void theFileOfTheEnvironmentIsRead() throws Exception {
        Path file = config("""
                stowage:
                  customKinds:
                  - {group: argoproj.io, kind: Rollout, podSpecPath: spec.template}
                """);

        assertThat(open(Map.of("STOWAGE_CONFIG", file.toString())).workloads().customKinds())
                .hasSize(1);
    }

    @Test
    void theNodePoolsOfTheFileAreThere() throws Exception {
        Path file = config("stowage: {nodePools: [{name: spot, platform: linux/arm64, labels: {disk: ssd}}]}\n");

        assertThat(open(Map.of(), "--config", file.toString()).nodePools())
                .singleElement()
                .satisfies(pool -> assertThat(pool.labels()).containsEntry("disk", "ssd"));
    }

    @Test
    void aFileThatCannotBeUsedIsToldByItsKeys() throws Exception {
        Path file = config("stowage: {defaultRegistri: x}\n");

        assertThatThrownBy(() -> open(Map.of(), "--config", file.toString()))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("defaultRegistri")
                .extracting(e -> ((StoppedException) e).exitCode())
                .isEqualTo(64);
    }

    @Test
    void aBrokenDockerConfigurationIsToldByItsFile() throws Exception {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{broken");

        assertThatThrownBy(() -> open(Map.of()))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining(home.resolve(".docker/config.json").toString());
    }

    @Test
    void aBrokenProxyIsToldByItsVariable() {
        assertThatThrownBy(() -> open(Map.of("HTTPS_PROXY", "socks://x")))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("HTTPS_PROXY");
    }

    @Test
    void configuredCredentialHelpersAreTriedAfterTheLogins() throws Exception {
        helper("vault", "echo '{\"Username\":\"robot\",\"Secret\":\"s3cret\"}'");
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(
                home.resolve(".docker/config.json"), "{\"auths\":{\"a.example.com\":{\"auth\":\"bWU6bWluZQ==\"}}}");
        Keyring keyring = withHelpers("{'*.example.com': vault}");

        assertThat(credentials(keyring, "a.example.com"))
                .containsExactly(new Credential("me", "mine"), new Credential("robot", "s3cret"));
        assertThat(credentials(keyring, "b.example.com")).containsExactly(new Credential("robot", "s3cret"));
        assertThat(credentials(keyring, "elsewhere.example")).isEmpty();
        assertThat(keyring.complete()).isTrue();
    }

    @Test
    void aCredentialHelperThatFailsIsNoted() throws Exception {
        Keyring keyring = withHelpers("{'*.example.com': absent}");

        assertThat(credentials(keyring, "b.example.com")).isEmpty();
        assertThat(keyring.complete()).isFalse();
        assertThat(keyring.notes()).singleElement().asString().contains("docker-credential-absent is not installed");
    }

    @Test
    void anIdentityAtACloudIsUsedOnlyIfTheFileSaysSo() throws Exception {
        Path file = config("stowage: {cloudCredentials: {aws: auto}}\n");
        Map<String, String> environment =
                Map.of("AWS_REGION", "eu-west-1", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example/");
        String registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
        Keyring configured = open(environment, "--config", file.toString()).keyring();
        Keyring usual = open(environment).keyring();

        assertThat(credentials(configured, registry)).isEmpty();
        assertThat(configured.notes(new Repository(registry, "x")))
                .singleElement()
                .asString()
                .contains("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        assertThat(configured.complete(new Repository(registry, "x"))).isFalse();
        assertThat(usual.notes(new Repository(registry, "x"))).isEmpty();
    }

    @Test
    void aCredentialHelperThatCannotBeIsToldByItsName() {
        assertThatThrownBy(() -> withHelpers("{'*.example.com': '../sh'}"))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("../sh");
    }

    private Keyring withHelpers(String helpers) throws Exception {
        Path file = config("stowage: {credentialHelpers: " + helpers + "}\n");
        return open(Map.of("PATH", home.toString()), "--config", file.toString())
                .keyring();
    }

    private void helper(String name, String script) throws Exception {
        Path file = Files.writeString(home.resolve("docker-credential-" + name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static List<Credential> credentials(Keyring keyring, String host) {
        return keyring.credentialsFor(new Repository(host, "app"), Deadline.in(Duration.ofSeconds(20)))
                .join()
                .fold(ReadCredentials::credentials, failure -> {
                    throw new AssertionError(failure);
                });
    }

    private Path config(String yaml) throws Exception {
        return Files.writeString(home.resolve("stowage.yaml"), yaml);
    }

    private LocalEngine open(Map<String, String> environment, String... args) {
        Holder holder = new Holder();
        new CommandLine(holder)
                .registerConverter(Duration.class, Durations::parse)
                .parseArgs(args);
        return new LocalEngineFactory(environment, home).open(holder.options);
    }

    @Command
    private static final class Holder {
        @CommandLine.Mixin
        private EngineOptions options;
    }
}
