package dev.stowage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.stowage.cli.output.Terminal;
import dev.stowage.testing.PageCommands;
import dev.stowage.testing.PageCommands.Block;
import dev.stowage.testing.PageCommands.Command;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** The commands that the pages show are right, as far as that can be said without running them; e2e/run runs the quick start. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageCommandsTest {

    /** Other names of {@code sh} and {@code console}, whose commands nothing would check. */
    private static final Set<String> OTHER_NAMES = Set.of("bash", "shell", "zsh", "shellsession");

    /** Programs whose arguments no test checks. */
    private static final Set<String> UNCHECKED = Set.of(
            "aws",
            "az",
            "base64",
            "brew",
            "cat",
            "cosign",
            "crane",
            "curl",
            "docker",
            "eksctl",
            "gcloud",
            "grep",
            "id",
            "jq",
            "kind",
            "ln",
            "mvn",
            "openssl",
            "sha256sum",
            "sort",
            "tail",
            "tar",
            "uniq");

    /** Checked here, and by {@code chart.PageCommandsIT}. */
    private static final Set<String> CHECKED = Set.of("stowage", "helm", "kubectl", "java");

    private List<Command> commands;

    @BeforeAll
    void read() throws Exception {
        commands = PageCommands.all();
    }

    static Stream<Block> blocks() {
        return PageCommands.blocks().stream();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    @DisplayName("each block says what it is, and bash can read it")
    void syntax(Block block) throws Exception {
        assertThat(block.language()).isNotEmpty().isNotIn(OTHER_NAMES);
        assertThat(PageCommands.syntaxErrors(block.script())).isEmpty();
    }

    Stream<Command> ours() {
        return commands.stream().filter(command -> !arguments(command).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("ours")
    @DisplayName("each command line of stowage has options and values that exist")
    void stowage(Command command) {
        List<String> arguments = arguments(command);

        assertThatCode(() -> parse(arguments, command.mention())).doesNotThrowAnyException();
        if (arguments.contains("--help") || arguments.get(0).equals("completion")) {
            assertThat(CommandRun.withoutRegistry()
                            .run(arguments.toArray(String[]::new))
                            .code())
                    .isZero();
        }
    }

    @Test
    @DisplayName("the programs whose commands are not checked are known")
    void unchecked() {
        assertThat(ours().toList()).hasSizeGreaterThan(20);
        Set<String> others = commands.stream()
                .map(Command::program)
                .filter(program -> !CHECKED.contains(program))
                .collect(Collectors.toSet());
        assertThat(UNCHECKED).containsAll(others);
    }

    /** Of stowage, by whatever name; empty for other programs. */
    private static List<String> arguments(Command command) {
        List<String> words = command.words();
        List<String> arguments =
                switch (command.program()) {
                    case "stowage" -> words.subList(1, words.size());
                    case "kubectl" ->
                        words.size() > 2 && words.get(1).equals("stowage") ? words.subList(2, words.size()) : List.of();
                    case "java" -> words.subList(3, words.size());
                    default -> List.<String>of();
                };
        return arguments.stream().filter(word -> !word.equals("COMMAND")).toList();
    }

    private static void parse(List<String> arguments, boolean mention) {
        try {
            new Cli(
                            new Terminal(
                                    InputStream.nullInputStream(),
                                    OutputStream.nullOutputStream(),
                                    OutputStream.nullOutputStream(),
                                    Map.of(),
                                    false,
                                    false),
                            options -> {
                                throw new AssertionError("nothing is run");
                            })
                    .commands()
                    .parseArgs(arguments.toArray(String[]::new));
        } catch (MissingParameterException e) {
            if (!mention) {
                throw e;
            }
        } catch (ParameterException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
