package dev.stowage.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.RequiresChromium;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the page in a real browser. */
@RequiresChromium
abstract class PageInBrowser {

    static final PageData DATA = SamplePages.cluster(214);
    static final String IMAGES = "tbody .image";
    static final Predicate<PageRow> MISSES_ARM64 = row -> row.cells().get(1).verdict() == PageVerdict.DOES_NOT_RUN;

    @TempDir
    static Path folder;

    static Path page;
    static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        page = SamplePages.file(folder, "page.html", DATA);
        browser = new Browser();
        browser.resize(1280, 1000);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    /** Nothing is loaded, and neither the policy nor the script complains. */
    @AfterEach
    void nothingWasLoadedAndTheConsoleIsEmpty() {
        assertThat(browser.script("return performance.getEntriesByType('resource').length"))
                .isEqualTo(0L);
        assertThat(browser.console()).isEmpty();
    }

    static List<String> images(Predicate<PageRow> which) {
        return DATA.rows().stream().filter(which).map(PageRow::image).toList();
    }

    static Predicate<PageRow> isIn(String namespace) {
        return row -> row.uses().stream().anyMatch(use -> use.namespace().equals(namespace));
    }

    static String mostCpu() {
        return DATA.rows().stream()
                .map(row -> row.uses().stream()
                        .mapToLong(use -> use.cpuMillis().orElse(0))
                        .sum())
                .max(Comparator.naturalOrder())
                .map(most -> String.format(Locale.ROOT, "%.2f", most / 1000.0))
                .orElseThrow();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The columns that say that they are sorted, and how. */
    static List<String> sorted() {
        return browser.elements("th[aria-sort]")
                .map(header -> header.getText() + " " + header.getDomAttribute("aria-sort"))
                .toList();
    }

    static boolean inView(String css) {
        return (boolean) browser.script(
                "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
                        + " return box.top < innerHeight && box.bottom > 0",
                css);
    }

    /** How many sheets of paper the page takes. */
    static int pages() {
        String pdf = new String(browser.pdf(), StandardCharsets.ISO_8859_1);
        return (int) Pattern.compile("/Type */Page\\b").matcher(pdf).results().count();
    }

    /** What axe-core has to say about the page as it is now. */
    static List<?> violations() {
        try (InputStream axe = HtmlPageIT.class.getResourceAsStream("/axe.min.js")) {
            browser.script(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (List<?>) browser.asyncScript("const done = arguments[arguments.length - 1];"
                + " axe.run(document).then(result => done(result.violations.map("
                + "one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 200) + ' ' + node.failureSummary).join(' | '))),"
                + " error => done([String(error)]))");
    }
}
