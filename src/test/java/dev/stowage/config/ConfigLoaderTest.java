package dev.stowage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.policy.Mode;
import dev.stowage.registry.Mirror;
import dev.stowage.text.Glob;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

    private final ConfigLoader loader = new ConfigLoader(Map.of());

    @Test
    void nothingGivesTheDefaults() {
        StowageConfig config = loader.load(Optional.empty());

        assertThat(config.admission().mode()).isEqualTo(Mode.ENFORCE);
        assertThat(config.admission().admissionDeadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.registries()).isEmpty();
        assertThat(config.nodePools()).isEmpty();
        assertThat(config.cache().maxSize().asLongValue()).isEqualTo(64L * 1024 * 1024);
    }

    @Test
    void everyKindOfKeyIsRead() {
        StowageConfig config = loader.parse("test", """
                stowage:
                  mode: warn
                  admissionDeadline: 2s
                  registries:
                    "10.200.0.1:5000":
                      insecure: true
                      mirrors: [mirror.example, "http://other.example:5000/v2"]
                    "*.example.com":
                      maxRequestsPerSecond: 2.5
                  nodePools:
                    - name: arm
                      platform: linux/arm64
                      labels: {pool: arm, "example.com/x": "y"}
                      taints: [{key: arch, value: arm64}]
                  exemptions:
                    namespaces: [a, b]
                """);

        assertThat(config.admission().mode()).isEqualTo(Mode.WARN);
        assertThat(config.admission().admissionDeadline()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.registries()).containsOnlyKeys("10.200.0.1:5000", "*.example.com");
        assertThat(config.registries().get("10.200.0.1:5000").insecure()).contains(true);
        assertThat(config.registries().get("10.200.0.1:5000").mirrors())
                .contains(List.of(Mirror.parse("mirror.example"), Mirror.parse("http://other.example:5000/v2")));
        assertThat(config.registries().get("*.example.com").maxRequestsPerSecond())
                .contains(2.5);
        assertThat(config.nodePools()).singleElement().satisfies(pool -> {
            assertThat(pool.labels()).containsEntry("pool", "arm").containsEntry("example.com/x", "y");
            assertThat(pool.taints().get(0).effect()).isEqualTo("NoSchedule");
        });
        assertThat(config.admission().exemptions().namespaces()).contains(List.of(new Glob("a"), new Glob("b")));
    }

    @Test
    void theEnvironmentTakesPrecedence() {
        assertThat(new ConfigLoader(Map.of("STOWAGE_MODE", "audit"))
                        .parse("test", "stowage: {mode: warn}")
                        .admission()
                        .mode())
                .isEqualTo(Mode.AUDIT);
    }

    @Test
    void fault33AnUnknownKeyIsRefusedByName() {
        assertThatThrownBy(() -> loader.parse("stowage.yaml", "stowage: {modus: warn}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("stowage.yaml")
                .hasMessageContaining("stowage.modus: unknown");
    }

    @Test
    void fault33AnUnknownKeyOfARegistryIsRefusedByName() {
        assertThatThrownBy(() -> loader.parse("x", "stowage: {registries: {a.example: {insekure: true}}}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("insekure");
    }

    @Test
    void fault33AKeyBesideTheOneTopLevelKeyIsRefused() {
        assertThatThrownBy(() -> loader.parse("x", "mode: warn"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("mode: unknown")
                .hasMessageContaining("top-level key \"stowage\"");
    }

    @Test
    void fault33AWrongTypeIsRefusedWithKeyAndValue() {
        assertThatThrownBy(() -> loader.parse("x", "stowage: {admissionDeadline: soon}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("stowage.admissionDeadline")
                .hasMessageContaining("soon");
    }

    @Test
    void fault33BrokenYamlIsRefused() {
        assertThatThrownBy(() -> loader.parse("x", "stowage: [a: b: c"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("not valid YAML");
    }

    @Test
    void fault33AMissingFileIsRefusedByName(@TempDir Path dir) {
        assertThatThrownBy(() -> loader.load(Optional.of(dir.resolve("gone.yaml"))))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("gone.yaml");
    }

    @Test
    void fault33AHugeFileIsRefused(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("huge.yaml");
        Files.write(file, "#".repeat(2_000_000).getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> loader.load(Optional.of(file)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("larger than");
    }
}
