package dev.stowage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** docs/compatibility.md lists the names that users rely on, and the code uses no others. */
class CompatibilityPageTest {

    /** Keys below {@code stowage.dev/} that are not labels: API versions, subresources, the reporter of Events. */
    private static final Set<String> OTHER = Set.of("v1alpha1", "status", "reports");

    private static final Pattern KEY = Pattern.compile("stowage\\.dev/([a-z0-9-]+)");
    private static final Pattern CAMEL_CASE = Pattern.compile("`([A-Z][A-Za-z]+)`");

    /** A reason stands between its Event's type and its text. */
    private static final Pattern EVENT_REASON = Pattern.compile(
            "(?:\"(?:Warning|Normal)\",\\s*|\\bfirst \\? |: |true,\\s*|false,\\s*)\"([A-Z][a-z]+(?:[A-Z][a-z]+)+)\"");

    @Test
    @DisplayName("labels: those of the page are those of code and chart")
    void labels() throws IOException {
        Set<String> used = new TreeSet<>();
        for (String folder : new String[] {"src/main/java", "helm/stowage/templates"}) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    used.addAll(found(KEY, Files.readString(file)));
                }
            }
        }
        used.removeAll(OTHER);

        assertThat(found(KEY, section("## Labels", "## Audit annotations"))).isEqualTo(used);
    }

    @Test
    @DisplayName("Event reasons: those of the page are those of the code")
    void eventReasons() throws IOException {
        Set<String> used = new TreeSet<>();
        for (String file : new String[] {"report/WorkloadEvents.java", "tls/managed/CertificateReporter.java"}) {
            used.addAll(found(EVENT_REASON, Files.readString(Path.of("src/main/java/dev/stowage", file))));
        }
        Set<String> listed = section("## Event reasons", "## Verdicts and reasons")
                .lines()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> found(CAMEL_CASE, line.split("\\|")[1]).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(used).isNotEmpty().isEqualTo(listed);
    }

    @Test
    @DisplayName("reasons of verdicts: every one is on the page")
    void reasons() throws IOException {
        assertThat(found(CAMEL_CASE, section("## Verdicts and reasons", null)))
                .containsAll(Arrays.stream(Reason.values()).map(Reason::label).toList());
    }

    private static String section(String from, String to) throws IOException {
        String page = Files.readString(Path.of("docs", "compatibility.md"));
        int start = page.indexOf(from);
        int end = to == null ? page.length() : page.indexOf(to);
        assertThat(start).as(from).isNotNegative();
        assertThat(end).as(String.valueOf(to)).isGreaterThan(start);
        return page.substring(start, end);
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
