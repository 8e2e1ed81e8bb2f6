package dev.stowage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class EngineFactoryTest {

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

        assertThat(open(Map.of("STOWAGE_CONFIG", file.toString())).customKinds())
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

    private Path config(String yaml) throws Exception {
        return Files.writeString(home.resolve("stowage.yaml"), yaml);
    }

    private ImageEngine open(Map<String, String> environment, String... args) {
        Holder holder = new Holder();
        new CommandLine(holder)
                .registerConverter(Duration.class, Durations::parse)
                .parseArgs(args);
        return new EngineFactory(environment, home).open(holder.options);
    }

    @Command
    private static final class Holder {
        @CommandLine.Mixin
        private EngineOptions options;
    }
}
