package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static final Path CASES = Path.of("src/test/resources/dev/stowage/report");

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
        Observation seen = example.observation();
        ImageReportStatus first = new StatusFactory().next(seen, example.now());
        Observation again = new Observation(
                seen.generation(), Optional.of(first), seen.usage(), seen.profiles(), seen.nodesKnown(), seen.look());

        ImageReportStatus second = new StatusFactory().next(again, example.now().plusSeconds(3600));

        assertThat(StatusFactory.differ(Optional.of(first), second))
                .describedAs("first %s%nsecond %s", first, second)
                .isFalse();
        assertThat(List.of(first)).containsExactly(second);
    }
}
