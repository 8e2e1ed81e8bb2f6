package dev.stowage.report.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.report.api.ImageReportStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is observed and what is then written, a folder each. */
class StatusFactoryTest {

    private static final Path CASES = Path.of("src/test/resources/dev/stowage/report/status");

    static Stream<StatusCase> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.filter(Files::isDirectory).sorted().map(StatusCase::new).toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theStatusIsAsWritten(StatusCase example) throws Exception {
        ImageReportStatus next = new StatusFactory().next(example.observation(), example.now());

        assertThat(StatusCase.yaml(next)).isEqualTo(example.expected());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void observingTheSameAgainChangesNothing(StatusCase example) throws Exception {
        ReconcileInput input = example.observation();
        ImageReportStatus first = new StatusFactory().next(input, example.now());
        ReconcileInput again = new ReconcileInput(
                input.generation(),
                Optional.of(first),
                input.usage(),
                input.profiles(),
                input.nodesKnown(),
                input.scan());

        ImageReportStatus second = new StatusFactory().next(again, example.now().plusSeconds(3600));

        assertThat(StatusFactory.differ(Optional.of(first), second))
                .describedAs("first %s%nsecond %s", first, second)
                .isFalse();
        assertThat(List.of(first)).containsExactly(second);
    }
}
