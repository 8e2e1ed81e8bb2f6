package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.PageCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages contain the chart's sets of values as they are, their links lead somewhere, and the site has all of them. */
class PagesTest {

    private static final List<Path> WITH_VALUES =
            List.of(Path.of("docs", "platforms.md"), Path.of("docs", "credentials.md"));
    private static final Pattern VALUES =
            Pattern.compile("<!-- values: (\\S+) -->\\n```yaml\\n(.*?)```\\n", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern SCRIPT = Pattern.compile("(?<![\\w/.-])(hack|e2e|bench|\\.ci)/[a-z.-]*[a-z]");
    private static final Pattern MENU = Pattern.compile("(?m)^ +- [^:#]+: (\\S+\\.md)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    @Test
    @DisplayName("each block of values of a page is the file of its name in helm/stowage/ci")
    void values() throws IOException {
        List<MatchResult> blocks = new ArrayList<>();
        for (Path page : WITH_VALUES) {
            blocks.addAll(VALUES.matcher(Files.readString(page)).results().toList());
        }

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(10).allSatisfy(block -> assertThat(
                        Chart.FOLDER.resolve("ci").resolve(block.group(1)))
                .hasContent(block.group(2)));
    }

    static Stream<Path> pages() {
        return PageCommands.pages().stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    @DisplayName("links within the repository name a file, and a heading in it")
    void links(Path page) throws IOException {
        String text = FENCED.matcher(Files.readString(page)).replaceAll("");

        assertThat(LINK.matcher(text).results().map(link -> link.group(1)).filter(link -> !link.contains(":")))
                .allSatisfy(link -> {
                    String[] parts = link.split("#", 2);
                    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
                    assertThat(target).exists();
                    if (parts.length == 2) {
                        assertThat(anchors(target)).contains(parts[1]);
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("pages")
    @DisplayName("the scripts that a page names exist")
    void scripts(Path page) throws IOException {
        assertThat(SCRIPT.matcher(Files.readString(page)).results().map(MatchResult::group))
                .allSatisfy(script -> assertThat(Path.of(script)).exists());
    }

    @Test
    @DisplayName("the menu of the site contains each page of docs/ once, and README.md as its first page")
    void menu() throws IOException {
        List<String> pages = pages().filter(page -> page.startsWith("docs"))
                .map(page -> page.getFileName().toString())
                .toList();

        assertThat(MENU.matcher(Files.readString(Path.of("mkdocs.yml")))
                        .results()
                        .map(entry -> entry.group(1)))
                .startsWith("index.md")
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Stream.of("index.md"), pages.stream()).toList());
    }

    /** As GitHub names the headings of a page. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""))
                .results()
                .forEach(heading -> {
                    String anchor = heading.group(1)
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N} _-]", "")
                            .replace(' ', '-');
                    String name = anchor;
                    for (int i = 1; !anchors.add(name); i++) {
                        name = anchor + "-" + i;
                    }
                });
        return anchors;
    }
}
