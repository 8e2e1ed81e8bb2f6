package dev.stowage.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("hack/packages")
@EnabledIf(value = "dev.stowage.integrations.Script#possible", disabledReason = Script.MISSING)
class PackagesTest {

    private static final Path SCRIPT = Path.of("hack", "packages");
    private static final String RELEASE = "https://github.com/stowage-dev/stowage/releases/download/v1.2.3/";
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final String C = "c".repeat(64);

    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "writes krew's manifest by the rules that krew validates, for the platforms with an archive that krew can link")
    void krew() throws Exception {
        archives();
        assertThat(run("1.2.3").code()).isZero();

        JsonNode manifest =
                new YAMLMapper().readTree(folder.resolve("stowage.yaml").toFile());
        assertThat(manifest.get("apiVersion").asText()).isEqualTo("krew.googlecontainertools.github.com/v1alpha2");
        assertThat(manifest.get("kind").asText()).isEqualTo("Plugin");
        assertThat(manifest.at("/metadata/name").asText()).isEqualTo("stowage");
        assertThat(manifest.at("/spec/version").asText()).isEqualTo("v1.2.3");
        assertThat(manifest.at("/spec/shortDescription").asText())
                .isNotBlank()
                .doesNotContain("\n")
                .hasSizeLessThanOrEqualTo(50);
        assertThat(manifest.at("/spec/description").asText().lines())
                .isNotEmpty()
                .allMatch(line -> line.length() <= 100);
        List<JsonNode> platforms = StreamSupport.stream(
                        manifest.at("/spec/platforms").spliterator(), false)
                .toList();
        assertThat(platforms)
                .extracting(
                        platform -> platform.at("/selector/matchLabels/os").asText(),
                        platform -> platform.at("/selector/matchLabels/arch").asText(),
                        platform -> platform.get("uri").asText(),
                        platform -> platform.get("sha256").asText(),
                        platform -> platform.get("bin").asText())
                .containsExactly(
                        tuple(
                                "linux",
                                "amd64",
                                RELEASE + "stowage-1.2.3-linux-amd64.tar.gz",
                                A,
                                "stowage-1.2.3-linux-amd64/bin/stowage"),
                        tuple(
                                "darwin",
                                "arm64",
                                RELEASE + "stowage-1.2.3-darwin-arm64.tar.gz",
                                B,
                                "stowage-1.2.3-darwin-arm64/bin/stowage"));
    }

    @Test
    @DisplayName("writes Homebrew's formula with each archive next to its checksum, in blocks that end")
    void homebrew() throws Exception {
        archives();
        Script.Result result = run("1.2.3");

        assertThat(result.out()).isEqualTo(folder.resolve("stowage.yaml") + "\n" + folder.resolve("stowage.rb") + "\n");
        String formula = Files.readString(folder.resolve("stowage.rb"));
        assertThat(formula)
                .startsWith("class Stowage < Formula\n")
                .contains("  version \"1.2.3\"\n", "  license \"Apache-2.0\"\n")
                .contains("""
                          on_macos do
                            on_arm do
                              url "%sstowage-1.2.3-darwin-arm64.tar.gz"
                              sha256 "%s"
                            end
                          end

                          on_linux do
                            on_intel do
                              url "%sstowage-1.2.3-linux-amd64.tar.gz"
                              sha256 "%s"
                            end
                          end
                        """.formatted(RELEASE, B, RELEASE, A).indent(0))
                .doesNotContain("windows", C);
        assertThat(count(formula, "(?m) do$|^ *(class|def) ")).isEqualTo(count(formula, "(?m)^ *end$"));
        Script.Result ruby = new Script(folder).line("! command -v ruby || ruby -wc stowage.rb");
        assertThat(ruby.code()).as(ruby.err()).isZero();
    }

    @Test
    @DisplayName("says what is missing, or not valid, and writes nothing")
    void errors() throws Exception {
        assertThat(run("1.2.3").err()).contains("no archive of version 1.2.3 in " + folder);
        assertThat(run("1.2").err()).contains("not a valid version, such as 0.1.0: 1.2");
        Files.writeString(folder.resolve("stowage-1.2.3-linux-amd64.tar.gz.sha256"), "\"; x  y\n");
        Script.Result result = run("1.2.3");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("not a SHA-256 checksum: ");
        assertThat(folder.resolve("stowage.yaml")).doesNotExist();
        assertThat(folder.resolve("stowage.rb")).doesNotExist();
    }

    private void archives() throws IOException {
        checksum("linux-amd64.tar.gz", A);
        checksum("darwin-arm64.tar.gz", B);
        checksum("windows-amd64.zip", C);
    }

    private void checksum(String platform, String sum) throws IOException {
        String archive = "stowage-1.2.3-" + platform;
        Files.writeString(folder.resolve(archive + ".sha256"), sum + "  " + archive + "\n");
    }

    private Script.Result run(String version) throws Exception {
        return new Script(Path.of("")).run(SCRIPT, version, folder.toString());
    }

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }
}
