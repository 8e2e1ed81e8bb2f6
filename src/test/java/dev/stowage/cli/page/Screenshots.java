package dev.stowage.cli.page;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes the pictures of the docs, and measures the page with 10,000 images. Run by {@code hack/screenshots}. */
final class Screenshots {

    private static final int MANY = 10_000;
    private static final int RUNS = 5;
    private static final String ARM64 = "platform=linux%2Farm64&verdict=does-not-run";

    private final Browser browser;
    private final PrintStream out;

    private Screenshots(Browser browser, PrintStream out) {
        this.browser = browser;
        this.out = out;
    }

    /**
     * @param arguments the folder for the pictures
     */
    public static void main(String[] arguments) throws IOException {
        Path pictures = Files.createDirectories(Path.of(arguments[0]));
        Path folder = Files.createTempDirectory("stowage-screenshots");
        try (Browser browser = new Browser()) {
            Screenshots screenshots = new Screenshots(browser, System.out);
            screenshots.take(SamplePages.file(folder, "page.html", SamplePages.cluster(214)), pictures);
            screenshots.measure(SamplePages.file(folder, "large.html", SamplePages.cluster(MANY)));
        } finally {
            for (String file : List.of("page.html", "large.html")) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    private void take(Path page, Path pictures) throws IOException {
        browser.resize(1280, 960);
        browser.open(page, "");
        browser.script(
                "document.querySelector('tbody tr:nth-child(2) .image').click(); document.activeElement.blur(); scrollTo(0, 0)");
        browser.screenshot(pictures.resolve("html-report.png"));
        browser.media("screen", "dark");
        browser.open(page, ARM64);
        browser.script("scrollTo(0, 0)");
        browser.screenshot(pictures.resolve("html-report-dark.png"));
        browser.media("print", "light");
        browser.resize(794, 960);
        browser.open(page, ARM64);
        browser.script("document.body.style.padding = '14mm'; scrollTo(0, 0)");
        browser.screenshot(pictures.resolve("html-report-print.png"));
        browser.media("", "light");
        browser.resize(390, 844);
        browser.open(page, ARM64);
        browser.script("document.getElementById('count').scrollIntoView()");
        browser.screenshot(pictures.resolve("html-report-phone.png"));
    }

    private void measure(Path page) throws IOException {
        browser.resize(1280, 960);
        browser.cdp("Performance.enable", Map.of());
        out.printf("%,d images, %.1f MB, in milliseconds, the median of %d:%n", MANY, Files.size(page) / 1e6, RUNS);
        report("interactive", page, "return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd");
        report(
                "filter by text",
                page,
                timed("const q = document.getElementById('q'); q.value = 'shop worker';"
                        + " q.dispatchEvent(new InputEvent('input', {bubbles: true}))"));
        report("sort by CPU", page, timed("document.querySelector('[data-sort=cpu]').click()"));
        report("next page", page, timed("document.getElementById('next').click()"));
        browser.cdp("HeapProfiler.collectGarbage", Map.of());
        List<?> metrics =
                (List<?>) browser.cdp("Performance.getMetrics", Map.of()).get("metrics");
        for (Object metric : metrics) {
            Map<?, ?> values = (Map<?, ?>) metric;
            if (Objects.equals(values.get("name"), "JSHeapUsedSize")) {
                out.printf("JavaScript heap: %.0f MB%n", ((Number) values.get("value")).doubleValue() / 1e6);
            }
            if (Objects.equals(values.get("name"), "Nodes")) {
                out.printf("nodes: %s%n", values.get("value"));
            }
        }
    }

    /** The time until the change is laid out. */
    private static String timed(String action) {
        return "const start = performance.now(); " + action
                + "; document.body.getBoundingClientRect(); return performance.now() - start";
    }

    private void report(String what, Path page, String script) {
        double[] times = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            browser.open(page, "");
            times[i] = ((Number) browser.script(script)).doubleValue();
        }
        Arrays.sort(times);
        out.printf("%s: %.0f%n", what, times[RUNS / 2]);
    }
}
