package dev.stowage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.output.Progress;
import dev.stowage.cli.output.Terminal;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.testing.MemoryRegistry;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad usage, help, and what terminals get. */
class UsageTest {

    private static final String ESCAPE = "\u001b[";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "check | nothing to check: name an image, or manifests with -f FILE",
                "check x --platform linux | linux",
                "check x --runtime podman | unknown container runtime \"podman\"; use containerd",
                "check x --output xml | Invalid value for option '--output'",
                "check x --timeout soon | 'soon' is not a valid duration above zero, such as 30s, 2m or 500ms",
                "check x --timeout 0s | '0s' is not a valid duration above zero",
                "check x --platfrom linux/amd64 | Unknown option: '--platfrom'",
                "check x --context c --platform linux/amd64 | take platforms and runtimes from the cluster's nodes",
                "check -f - -f - | standard input can be read once",
                "inspect | Missing required parameter: 'IMAGE'",
                "inspect a b | Unmatched argument at index 2: 'b'",
                "scan -n shop -A | --namespace and --all-namespaces contradict each other",
                "scan --runtime docker | --runtime needs --platform",
                "scan --platform arm64 | arm64",
                "scan -o junit | Invalid value for option '--output'",
                "completion tcsh | Invalid value",
                "check x --fail-on runs | Invalid value for option '--fail-on'",
                "check x --output-file sarif | FORMAT=FILE",
                "check x --output-file xml=x | JUNIT, SARIF] (case-insensitive) but was 'xml'",
                "inspect x --raw -o json | --raw cannot be combined with --attestations, --explain or --output",
                "chekc x | Did you mean: stowage check?",
                "\"\" | a command is missing"
            })
    void badUsageIsCauseAndSynopsis(String line, String cause) {
        CommandRun.Result result = CommandRun.withoutRegistry().run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("stowage: ")
                .contains(cause)
                .contains("Usage: stowage")
                .contains("--help'.");
        assertThat(result.err().lines().count()).isLessThan(12);
    }

    @Test
    @DisplayName("an argument that begins with @ is an argument, not the name of a file of arguments")
    void noArgumentFiles() {
        CommandRun.Result result =
                CommandRun.withoutRegistry().run("check", "--platform=linux/amd64", "@/etc/hostname");

        assertThat(result.out()).contains("@/etc/hostname").contains("InvalidReference");
    }

    @Test
    void aMistypedOptionIsGuessed() {
        assertThat(CommandRun.withoutRegistry()
                        .run("check", "x", "--platfrom", "linux/amd64")
                        .err())
                .contains("--platform");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "inspect", "scan", "completion"})
    void everyCommandsHelpHasExamples(String command) {
        CommandRun.Result result = CommandRun.withoutRegistry().run(command, "--help");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("Usage: stowage " + command).contains("Examples:\n  ");
    }

    @Test
    void theVersionIsTheBuilds() {
        assertThat(CommandRun.withoutRegistry().run("--version").out()).matches("stowage \\d+\\.\\d+\\.\\d+.*\n");
    }

    @Test
    void theCompletionScriptKnowsCommandsAndOptions() {
        String script = CommandRun.withoutRegistry().run("completion", "bash").out();

        assertThat(script).startsWith("#!/usr/bin/env bash").contains("check", "inspect", "--platform", "--explain");
        assertThat(CommandRun.withoutRegistry().run("completion", "zsh").out()).isEqualTo(script);
    }

    @Test
    void otherShellsCompleteCommandsOptionsAndValues() {
        String fish = CommandRun.withoutRegistry().run("completion", "fish").out();
        String powerShell =
                CommandRun.withoutRegistry().run("completion", "powershell").out();

        assertThat(fish)
                .contains("complete -c stowage -n __fish_use_subcommand -a check -d 'Checks whether images")
                .contains("-n '__fish_seen_subcommand_from check' -l fail-on -x -a 'does-not-run undetermined' -d 'The")
                .contains("-n '__fish_seen_subcommand_from check' -s f -l filename -r -F -d 'Manifests")
                .contains("-n '__fish_seen_subcommand_from completion' -a 'bash zsh fish powershell'")
                .doesNotContain("${");
        assertThat(powerShell)
                .startsWith("Register-ArgumentCompleter -Native -CommandName stowage ")
                .contains("'check --output' = @('table', 'json', 'markdown', 'junit', 'sarif')")
                .containsPattern("'inspect' = @\\([^)]*'--raw'")
                .doesNotContain("NAME", "COMMANDS", "VALUES");
    }

    @Test
    void aContextThatIsMissingIsNamed() {
        CommandRun.Result result =
                CommandRun.withoutRegistry().run("probe", "--kubeconfig", "target/no-kubeconfig", "--context", "c");

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err()).contains("target/no-kubeconfig");
    }

    @ParameterizedTest(name = "terminal of {0} columns")
    @ValueSource(ints = {20, 40, 60, 80, 120})
    void aTableFitsItsTerminal(int columns) {
        CommandRun.Result result = CommandRun.with(image())
                .onTerminal()
                .variable("NO_COLOR", "1")
                .variable("COLUMNS", Integer.toString(columns))
                .run("check", "r.example/app:t", "--platform=linux/arm64,linux/arm64");

        String unwrapped = result.out().replaceAll("\\s+", " ");
        assertThat(unwrapped).contains("r.example/app:t", "DoesNotRun", "PlatformMissing: contains linux/amd64 only");
        int most = Math.max(columns, "r.example/app:t  linux/arm64  DoesNotRun".length());
        assertThat(result.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(most));
    }

    @Test
    @DisplayName("no terminal: one line a row, no colours, no progress")
    void withoutTerminal() {
        CommandRun.Result result = CommandRun.with(image()).run("check", "r.example/app:t", "--platform=linux/arm64");

        assertThat(result.out()).isEqualToNormalizingNewlines("""
                IMAGE            PLATFORM     VERDICT     WHY
                r.example/app:t  linux/arm64  DoesNotRun  PlatformMissing: contains linux/amd64 only
                """);
        assertThat(result.err()).isEmpty();
    }

    @Test
    @DisplayName("NO_COLOR")
    void noColor() {
        CommandRun colours = CommandRun.with(image()).onTerminal().variable("COLUMNS", "80");

        assertThat(colours.run("check", "r.example/app:t", "--platform=linux/arm64")
                        .out())
                .contains(ESCAPE + "31m");
        colours.variable("NO_COLOR", "1");
        assertThat(colours.run("check", "r.example/app:t", "--platform=linux/arm64")
                        .out())
                .doesNotContain(ESCAPE);
        assertThat(colours.run("check", "--help").out()).doesNotContain(ESCAPE);
    }

    @Test
    void progressIsShownOnATerminalWhenItTakesLong() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicLong clock = new AtomicLong();
        Progress progress = new Progress(terminal(err, true), clock::get);

        progress.step();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        clock.set(2_000_000_000L);
        progress.step();
        progress.end();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("\rchecked 2 images …\r" + ESCAPE + "K");
        err.reset();
        progress.show("pushing the index");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("\r" + ESCAPE + "Kpushing the index …");
    }

    @Test
    void progressTowardsANumberThatIsKnownHasAnEstimate() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicLong clock = new AtomicLong();
        Progress progress = new Progress(terminal(err, true), clock::get, 40);

        clock.set(10_000_000_000L);
        progress.step();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("\rchecked 1 of 40 images, about 6 min left …" + ESCAPE + "K");
        for (int i = 1; i < 30; i++) {
            progress.step();
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .endsWith("checked 30 of 40 images, about 3 s left …" + ESCAPE + "K");
    }

    @Test
    void progressIsNotShownElsewhere() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicLong clock = new AtomicLong();
        Progress progress = new Progress(terminal(err, false), clock::get);

        clock.set(2_000_000_000L);
        progress.step();
        progress.end();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private static Terminal terminal(ByteArrayOutputStream err, boolean watched) {
        return new Terminal(
                InputStream.nullInputStream(), new ByteArrayOutputStream(), err, Map.of(), watched, watched);
    }

    private static MemoryRegistry image() {
        MemoryRegistry registry = new MemoryRegistry();
        SampleImages images = new SampleImages(registry);
        Descriptor amd64 = images.image(Platform.of("linux", "amd64"));
        images.index("t", amd64, images.attestation(amd64));
        return registry;
    }
}
