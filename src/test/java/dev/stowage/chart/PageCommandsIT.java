package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.PageCommands;
import dev.stowage.testing.PageCommands.Command;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of Helm and kubectl that the pages show have options that exist, and values that the chart has. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageCommandsIT {

    private static final Set<String> OPTIONS_BEFORE_A_COMMAND =
            Set.of("-n", "--namespace", "--context", "--kubeconfig");
    private static final Set<String> PLUGINS = Set.of("krew", "stowage");
    private static final Set<String> VALUES =
            Set.of("-f", "--values", "--set", "--set-string", "--set-json", "--set-file");
    private static final Set<String> RENDERING = Set.of("install", "upgrade", "template");
    private static final Pattern OPTION = Pattern.compile("--?[A-Za-z].*");
    private static final int WORDS_OF_A_COMMAND = 3;

    private final Map<List<String>, String> answers = new HashMap<>();
    private List<Command> commands;

    @BeforeAll
    void read() throws Exception {
        commands = PageCommands.all();
    }

    Stream<Command> helm() {
        return of("helm");
    }

    Stream<Command> kubectl() {
        return of("kubectl").filter(command -> !PLUGINS.contains(command.words().get(1)));
    }

    Stream<Command> charts() {
        return helm().filter(command -> RENDERING.contains(command.words().get(1))
                && command.words().stream().anyMatch(VALUES::contains)
                && command.words().stream().anyMatch(PageCommandsIT::isOurs));
    }

    @ParameterizedTest
    @MethodSource("helm")
    @RequiresProgram("helm")
    @DisplayName("each command of Helm exists, and so do its options")
    void helmKnows(Command command) throws Exception {
        assertKnown(command, answer("helm", command.arguments().get(0), "--help"));
    }

    @ParameterizedTest
    @MethodSource("kubectl")
    @RequiresProgram("kubectl")
    @DisplayName("each command of kubectl exists, and so do its options")
    void kubectlKnows(Command command) throws Exception {
        List<String> help = new ArrayList<>(nameOf(command.arguments()));
        help.add("--help");

        assertKnown(command, answer("kubectl", help.toArray(String[]::new)) + answer("kubectl", "options"));
    }

    @ParameterizedTest
    @MethodSource("charts")
    @RequiresProgram("helm")
    @DisplayName("the chart has the values that a command sets")
    void values(Command command) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("template", "stowage", Chart.FOLDER.toString(), "--kube-version=" + Chart.KUBERNETES));
        List<String> words = command.words();
        for (int i = 1; i + 1 < words.size(); i++) {
            if (VALUES.contains(words.get(i)) && !isPlaceholder(words.get(i), words.get(i + 1))) {
                arguments.addAll(words.subList(i, i + 2));
            }
        }

        Program.Result result = Program.named("helm").run(arguments.toArray(String[]::new));

        assertThat(result.code()).as(result.out()).isZero();
    }

    private Stream<Command> of(String program) {
        return commands.stream()
                .filter(command -> command.program().equals(program))
                .filter(command -> command.words().size() > 1);
    }

    /** Of Helm, the chart or the release; an ellipsis stands for both. */
    private static boolean isOurs(String word) {
        return word.equals("stowage") || word.equals("…");
    }

    /** A file that the reader has yet to write. */
    private static boolean isPlaceholder(String option, String value) {
        return (option.equals("-f") || option.equals("--values")) && !Files.exists(Path.of(value));
    }

    /** The words before the first option, without those that say which cluster and namespace. */
    private static List<String> nameOf(List<String> arguments) {
        int begin = 0;
        while (arguments.get(begin).startsWith("-")) {
            begin += OPTIONS_BEFORE_A_COMMAND.contains(arguments.get(begin)) ? 2 : 1;
        }
        return arguments.subList(begin, arguments.size()).stream()
                .takeWhile(word -> !word.startsWith("-"))
                .limit(WORDS_OF_A_COMMAND)
                .toList();
    }

    private String answer(String program, String... arguments) throws IOException, InterruptedException {
        List<String> call = new ArrayList<>(List.of(program));
        call.addAll(List.of(arguments));
        String answer = answers.get(call);
        if (answer == null) {
            Program.Result result = Program.named(program).run(arguments);
            assertThat(result.code()).as(call + ": " + result.out()).isZero();
            answer = result.out();
            answers.put(call, answer);
        }
        return answer;
    }

    private static void assertKnown(Command command, String help) {
        List<String> options = command.arguments().stream()
                .takeWhile(word -> !word.equals("--"))
                .filter(OPTION.asMatchPredicate())
                .map(word -> word.replaceFirst("=.*", ""))
                .toList();

        assertThat(options).allSatisfy(option -> assertThat(
                        Pattern.compile("(?m)(^|[\\s,])" + Pattern.quote(option) + "([=,\\s]|$)")
                                .matcher(help)
                                .find())
                .as(option)
                .isTrue());
    }
}
