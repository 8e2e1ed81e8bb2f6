package dev.stowage.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("the script of the hook for pre-commit")
@EnabledIf(value = "dev.stowage.integrations.Script#possible", disabledReason = Script.MISSING)
class PreCommitHookTest {

    private static final Path SCRIPT = Path.of("hack", "ci", "pre-commit");
    private static final String POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n";

    @TempDir
    Path folder;

    private Path repository;
    private Path record;

    @BeforeEach
    void make() throws IOException {
        repository = Files.createDirectories(folder.resolve("repository"));
        record = folder.resolve("arguments");
        Script.recorder(folder.resolve("bin/stowage"), record);
    }

    @Test
    @DisplayName("checks manifests, with file names as they are, and leaves other YAML files out")
    void files() throws Exception {
        write("--context=prod.yaml", POD);
        write("$(touch x) a.yaml", "# comment\n---\n\"kind\" : Pod\n'apiVersion': v1\n");
        write("values.yaml", "kind: Pod\nimage: {tag: v1}\n");
        write("nested.yaml", "spec:\n  apiVersion: v1\n  kind: Pod\n");
        write("two documents.yml", "a: b\n---\n" + POD);
        Script.Result result = hook(
                "--platform=linux/arm64",
                "--fail-on",
                "does-not-run",
                "--",
                "--context=prod.yaml",
                "$(touch x) a.yaml",
                "values.yaml",
                "nested.yaml",
                "two documents.yml");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(Script.recorded(record))
                .containsExactly(
                        "check",
                        "--platform=linux/arm64",
                        "--fail-on",
                        "does-not-run",
                        "--filename=--context=prod.yaml",
                        "--filename=$(touch x) a.yaml",
                        "--filename=two documents.yml");
        assertThat(repository.resolve("x")).doesNotExist();
    }

    @Test
    @DisplayName("templates of a chart are left out, and folders that are only called templates are not")
    void charts() throws Exception {
        write("shop/Chart.yaml", "apiVersion: v2\nname: shop\n");
        write("shop/templates/pods/web.yaml", POD);
        write("other/templates/web.yaml", POD);
        hook("--", "shop/Chart.yaml", "shop/templates/pods/web.yaml", "other/templates/web.yaml");

        assertThat(Script.recorded(record)).containsExactly("check", "--filename=other/templates/web.yaml");
        Files.delete(record);
        write("Chart.yaml", "apiVersion: v2\nname: shop\n");
        write("templates/web.yaml", POD);

        assertThat(hook("--", "templates/web.yaml").code()).isZero();
        assertThat(record).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64})
    @DisplayName("ends with the exit code of the check")
    void exitCodes(int code) throws Exception {
        write("web.yaml", POD);
        Script.Result result = new Script(repository)
                .path(folder.resolve("bin"))
                .with("STUB_CODE", String.valueOf(code))
                .run(SCRIPT, "--", "web.yaml");

        assertThat(result.code()).isEqualTo(code);
    }

    @Test
    @DisplayName("without manifests nothing runs, and stowage need not be installed")
    void nothing() throws Exception {
        write("values.yaml", "a: b\n");

        assertThat(withoutStowage("--", "values.yaml").code()).isZero();
        assertThat(hook("--").code()).isZero();
        assertThat(record).doesNotExist();
    }

    @Test
    @DisplayName("without stowage one line says what is missing and where to get it")
    void notInstalled() throws Exception {
        write("web.yaml", POD);
        Script.Result result = withoutStowage("--", "web.yaml");

        assertThat(result.code()).isEqualTo(127);
        assertThat(result.err())
                .startsWith("stowage is not installed, or not in PATH: https://")
                .hasLineCount(1);
    }

    @Test
    @DisplayName("args that do not end with -- are an error, since a file could be taken for an option")
    void noEndOfOptions() throws Exception {
        write("web.yaml", POD);
        Script.Result result = hook("--platform=linux/arm64", "web.yaml");

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err())
                .contains("the args of the hook must end with --")
                .hasLineCount(1);
        assertThat(record).doesNotExist();
    }

    private Script.Result hook(String... arguments) throws Exception {
        return new Script(repository).path(folder.resolve("bin")).run(SCRIPT, arguments);
    }

    /** With nothing in PATH but what the script runs. */
    private Script.Result withoutStowage(String... arguments) throws Exception {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        for (String name : new String[] {"bash", "grep"}) {
            Path real = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(directory -> Path.of(directory, name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            if (!Files.exists(programs.resolve(name))) {
                Files.createSymbolicLink(programs.resolve(name), real.toRealPath());
            }
        }
        return new Script(repository).with("PATH", programs.toString()).run(SCRIPT, arguments);
    }

    private void write(String name, String content) throws IOException {
        Path file = repository.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
