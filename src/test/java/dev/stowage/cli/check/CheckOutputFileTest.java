package dev.stowage.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.testing.MemoryRegistry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("check --output-file")
class CheckOutputFileTest {

    private final MemoryRegistry registry = new MemoryRegistry();

    @TempDir
    Path folder;

    @BeforeEach
    void images() {
        SampleImages images = new SampleImages(registry);
        images.index("amd64", images.image(Platform.of("linux", "amd64")));
    }

    @Test
    @DisplayName("one run writes several forms, each as -o writes it")
    void severalForms() {
        Path sarif = folder.resolve("a=b c.sarif");
        Path junit = folder.resolve("junit.xml");
        CommandRun.Result result = check("--output-file", "sarif=" + sarif, "--output-file=JUnit=" + junit);

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEqualTo(check().out()).contains("DoesNotRun");
        assertThat(sarif).content().isEqualTo(check("-o", "sarif").out()).contains("\"2.1.0\"");
        assertThat(junit).content().isEqualTo(check("-o", "junit").out()).contains("<failure");
    }

    @Test
    @DisplayName("a table in a file has no colours and no width of the terminal")
    void table() throws IOException {
        Path file = folder.resolve("table");
        CommandRun.with(registry)
                .run(
                        "check",
                        "r.example/app:amd64",
                        "--platform=linux/arm64",
                        "-o=json",
                        "--output-file=table=" + file);

        assertThat(file).content().isEqualTo(check().out());
    }

    @Test
    @DisplayName("a file that cannot be written is bad usage, whatever the verdicts")
    void notWritable() {
        CommandRun.Result result = check("--output-file", "sarif=" + folder.resolve("none/x.sarif"));

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err())
                .contains("cannot write --output-file " + folder.resolve("none/x.sarif"))
                .contains("its directory does not exist");
    }

    private CommandRun.Result check(String... options) {
        String[] args = new String[options.length + 3];
        args[0] = "check";
        args[1] = "r.example/app:amd64";
        args[2] = "--platform=linux/arm64";
        System.arraycopy(options, 0, args, 3, options.length);
        return CommandRun.with(registry).run(args);
    }
}
