package dev.stowage.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.CommandRun;
import dev.stowage.cli.output.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

    @Test
    void optionsThatContradictAndPlatformsThatAreNoneAreBadUsage() {
        CommandRun.Result both = CommandRun.withoutRegistry().run("report", "-n", "shop", "-A");
        CommandRun.Result platform = CommandRun.withoutRegistry().run("report", "--platform", "arm64");

        assertThat(both.code()).isEqualTo(ExitCode.USAGE);
        assertThat(both.err()).contains("--namespace and --all-namespaces contradict each other");
        assertThat(platform.code()).isEqualTo(ExitCode.USAGE);
        assertThat(platform.err()).contains("arm64");
    }

    @Test
    @DisplayName("a kubeconfig that is missing is one sentence and the flag that fixes it")
    void aMissingKubeconfigIsOneSentence(@TempDir Path folder) {
        Path absent = folder.resolve("absent");

        CommandRun.Result result = CommandRun.withoutRegistry().run("report", "--kubeconfig", absent.toString());

        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err())
                .contains(absent.toString(), "--kubeconfig FILE")
                .doesNotContain("Exception", "\tat ");
    }
}
