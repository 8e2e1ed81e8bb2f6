package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.message.DenialMessage;
import dev.stowage.message.WarningMessages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documentation shows every message as it is said: the examples in docs/messages.md are the expectations of this test. */
class MessagesTest {

    private static final Path DOCUMENTATION = Path.of("docs/messages.md");
    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- example: ([^>]+) -->\\s*```text\\R(.*?)\\R```", Pattern.DOTALL);

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void isSaidAsDocumented(String name) throws IOException {
        assertThat(MessageScenarios.told(name))
                .as(name + " in " + DOCUMENTATION)
                .isEqualTo(documented().get(name));
    }

    @Test
    void everyExampleIsSaidSomewhere() throws IOException {
        assertThat(documented().keySet()).isEqualTo(MessageScenarios.all().keySet());
    }

    @Test
    void theReadmeShowsADenialInTheSameWords() throws IOException {
        List<String> lines = MessageScenarios.told("platform missing")
                .lines()
                .filter(line -> line.startsWith("  contains:") || line.startsWith("  fix:"))
                .toList();

        assertThat(lines).hasSize(2);
        assertThat(Files.readAllLines(Path.of("README.md"))).containsAll(lines);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void isBounded(String name) {
        String told = MessageScenarios.told(name);

        assertThat(told.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(DenialMessage.MAX_BYTES);
        told.lines().filter(line -> line.startsWith("Warning: ")).forEach(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo("Warning: ".length() + WarningMessages.MAX_LENGTH));
    }

    static Stream<String> names() {
        return MessageScenarios.all().keySet().stream();
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> examples = new LinkedHashMap<>();
        Matcher matcher = EXAMPLE.matcher(Files.readString(DOCUMENTATION));
        while (matcher.find()) {
            examples.put(matcher.group(1), matcher.group(2));
        }
        return examples;
    }
}
