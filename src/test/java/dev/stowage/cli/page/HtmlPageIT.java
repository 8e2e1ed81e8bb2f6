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
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page in a real browser. */
@RequiresChromium
class HtmlPageIT {

    private static final PageData DATA = SamplePages.cluster(214);
    private static final String IMAGES = "tbody .image";
    private static final Predicate<PageRow> MISSES_ARM64 =
            row -> row.cells().get(1).verdict() == PageVerdict.DOES_NOT_RUN;

    @TempDir
    private static Path folder;

    private static Path page;
    private static Browser browser;

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

    @Test
    void showsAllImagesPageByPage() {
        browser.open(page, "");

        assertThat(browser.element("#count").getText()).isEqualTo("214 images · in 48 namespaces");
        assertThat(browser.texts(IMAGES)).isEqualTo(images(row -> true).subList(0, 100));
        assertThat(browser.element("#page").getText()).isEqualTo("Page 1 of 3");
        browser.element("#next").click();
        browser.element("#next").click();
        assertThat(browser.texts(IMAGES)).isEqualTo(images(row -> true).subList(200, 214));
        assertThat(browser.fragment()).isEqualTo("page=3");
        assertThat(browser.element("#next").isEnabled()).isFalse();
    }

    @Test
    @DisplayName("the filter: namespace, platform with verdict, and text; the address keeps it")
    void filters() {
        browser.open(page, "");

        browser.select("platform", "linux/arm64");
        browser.select("verdict", "does not run");
        assertThat(browser.texts(IMAGES)).isEqualTo(images(MISSES_ARM64));
        assertThat(browser.element("#count").getText())
                .isEqualTo("29 of 214 images · 15 % of requested CPU · 16 % of requested memory · in 24 namespaces");
        assertThat(browser.texts("thead th")).contains("linux/arm64").doesNotContain("linux/amd64");
        browser.select("namespace", "shop");
        assertThat(browser.texts(IMAGES)).isEqualTo(images(MISSES_ARM64.and(isIn("shop"))));
        browser.element("#q").sendKeys("WORKER shop");
        assertThat(browser.texts(IMAGES))
                .isNotEmpty()
                .isEqualTo(images(
                        MISSES_ARM64.and(isIn("shop")).and(row -> row.image().contains("worker"))));
        assertThat(browser.fragment())
                .isEqualTo("q=WORKER+shop&namespace=shop&platform=linux%2Farm64&verdict=does-not-run");

        List<String> before = browser.texts(IMAGES);
        browser.open(page, browser.fragment());
        assertThat(browser.texts(IMAGES)).isEqualTo(before);
        assertThat(browser.element("#q").getDomProperty("value")).isEqualTo("WORKER shop");
        browser.element("#q").sendKeys("nowhere");
        assertThat(browser.texts("tbody")).containsExactly("No image matches the filter.");
        browser.element("#reset").click();
        assertThat(browser.element("#count").getText()).startsWith("214 images");
        assertThat(browser.fragment()).isEmpty();
    }

    @Test
    void theTextIsLookedForInReasonsFixesAndWorkloadsToo() {
        browser.open(page, "q=ratelimited");
        assertThat(browser.texts(IMAGES)).isEqualTo(images(row -> row.reason().equals("RateLimited")));
        browser.open(page, "q=buildx");
        assertThat(browser.count(IMAGES)).isEqualTo(29);
        browser.open(page, "q=deployment/migrate&namespace=data");
        assertThat(browser.texts(IMAGES))
                .isEqualTo(images(
                        isIn("data").and(row -> row.workloads().get(0).name().equals("Deployment/migrate"))));
    }

    @Test
    void anUnknownFilterInTheAddressIsIgnored() {
        browser.open(page, "namespace=gone&platform=plan9/mips&verdict=maybe&sort=colour&page=-7&image=nothing");

        assertThat(browser.element("#count").getText()).startsWith("214 images");
        assertThat(browser.element("#page").getText()).isEqualTo("Page 1 of 3");
    }

    @Test
    void sortsByAColumnAndBackToTheOrderOfTheReport() {
        browser.open(page, "");

        browser.element("[data-sort=image]").click();
        assertThat(browser.texts(IMAGES))
                .isEqualTo(images(row -> true).stream().sorted().toList().subList(0, 100));
        assertThat(sorted()).containsExactly("Image ascending");
        browser.element("[data-sort=cpu]").click();
        assertThat(sorted()).containsExactly("CPU, cores descending");
        assertThat(browser.element("tbody td:nth-of-type(5)").getText()).isEqualTo(mostCpu());
        assertThat(browser.fragment()).isEqualTo("sort=-cpu");
        browser.element("[data-sort=cpu]").click();
        assertThat(sorted()).containsExactly("CPU, cores ascending");
        browser.element("[data-sort=cpu]").click();
        assertThat(sorted()).isEmpty();
        assertThat(browser.texts(IMAGES)).isEqualTo(images(row -> true).subList(0, 100));
        browser.element("[data-sort='linux/amd64']").click();
        assertThat(browser.texts("tbody td:nth-of-type(1)").subList(0, 2)).containsExactly("not found", "not found");
    }

    @Test
    void opensReasonsAndFixesAndTheAddressLeadsBackToThem() {
        browser.open(page, "");
        String image = images(MISSES_ARM64).get(1);

        browser.element("tbody tr:nth-child(2) .image").click();
        assertThat(browser.element("tbody .detail").getText())
                .contains(
                        "PlatformMissing: contains linux/amd64 only (1 attestation ignored)",
                        SamplePages.FIX,
                        "sha256:",
                        "edge/Deployment/");
        assertThat(browser.element("tbody tr:nth-child(2) .image").getDomAttribute("aria-expanded"))
                .isEqualTo("true");
        assertThat(browser.fragment()).isEqualTo("image=" + encoded(image));
        browser.element("tbody tr:nth-child(2) .image").click();
        assertThat(browser.count("tbody .detail")).isZero();
        assertThat(browser.fragment()).isEmpty();
    }

    @Test
    @DisplayName("a link to an image shows it: on whatever page it is, even if the filter would leave it out")
    void aLinkToAnImageShowsIt() {
        String last = images(row -> true).get(213);

        browser.open(page, "image=" + encoded(last));
        assertThat(browser.element("#page").getText()).isEqualTo("Page 3 of 3");
        assertThat(browser.focused()).isEqualTo(last);
        assertThat(inView("tbody .detail")).isTrue();
        browser.open(page, "verdict=does-not-run&image=" + encoded(last));
        assertThat(browser.focused()).isEqualTo(last);
        assertThat(browser.element("#verdict").getDomProperty("value")).isEmpty();
    }

    @Test
    void theSummaryLinksToTheImagesBehindItsNumbers() {
        browser.open(page, "");

        browser.element(".platforms li:nth-child(2) a").click();
        assertThat(browser.texts(IMAGES)).isEqualTo(images(MISSES_ARM64));
        browser.back();
        assertThat(browser.element("#count").getText()).startsWith("214 images");
    }

    @Test
    @DisplayName("the keyboard alone: skip link, table, reasons, text field")
    void theKeyboardAlone() {
        browser.open(page, "");
        List<String> images = images(row -> true);

        browser.press(Keys.TAB);
        assertThat(browser.focused()).isEqualTo("Skip to the filter");
        browser.press(Keys.TAB, Keys.ENTER, Keys.TAB);
        assertThat(browser.focused()).isEqualTo("Image");
        browser.press(Keys.SPACE);
        assertThat(sorted()).containsExactly("Image ascending");
        assertThat(browser.focused()).isEqualTo("Image");
        browser.press(Keys.SPACE, Keys.SPACE);
        for (int i = 0; i < browser.count("thead button"); i++) {
            browser.press(Keys.TAB);
        }
        assertThat(browser.focused()).isEqualTo(images.get(0));
        browser.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        assertThat(browser.focused()).isEqualTo(images.get(2));
        browser.press(Keys.ENTER);
        assertThat(browser.focused()).isEqualTo(images.get(2));
        assertThat(browser.count("tbody tr:nth-child(3) + .detail")).isEqualTo(1);
        browser.press(Keys.TAB);
        assertThat(browser.focused()).isEqualTo("Link to this image");
        browser.press(Keys.TAB, Keys.ARROW_UP);
        assertThat(browser.focused()).as("from the fourth image up").isEqualTo(images.get(2));
        browser.press(Keys.END);
        assertThat(browser.focused()).isEqualTo(images.get(99));
        browser.press(Keys.HOME);
        assertThat(browser.focused()).isEqualTo(images.get(0));
        browser.element("#q").sendKeys("zzz");
        assertThat(browser.count(IMAGES)).isZero();
        browser.press(Keys.ESCAPE);
        assertThat(browser.count(IMAGES)).isEqualTo(100);
    }

    @Test
    void isDarkWhereTheScreenIs() {
        browser.open(page, "");
        String light = browser.style("body", "background-color");
        try {
            browser.media("screen", "dark");
            assertThat(light).startsWith("rgba(255, 255, 255");
            assertThat(browser.style("body", "background-color")).startsWith("rgba(20, 24, 30");
            assertThat(violations()).isEmpty();
        } finally {
            browser.media("", "light");
        }
    }

    @Test
    @DisplayName("on paper: all images that the filter lets through, in black on white, without controls")
    void onPaper() {
        browser.open(page, "");
        try {
            browser.media("print", "dark");
            assertThat(browser.element("#filter").isDisplayed()).isFalse();
            assertThat(browser.element("#pager").isDisplayed()).isFalse();
            assertThat(browser.style("body", "background-color")).startsWith("rgba(255, 255, 255");
            browser.script("window.dispatchEvent(new Event('beforeprint'))");
            assertThat(browser.count(IMAGES)).isEqualTo(214);
            browser.script("window.dispatchEvent(new Event('afterprint'))");
            assertThat(browser.count(IMAGES)).isEqualTo(100);
        } finally {
            browser.media("", "light");
        }
        int all = pages();
        browser.open(page, "verdict=does-not-run");
        assertThat(pages()).isBetween(1, all - 3);
    }

    @Test
    @DisplayName("on a phone nothing is wider than the screen, and there is a list to sort by")
    void onAPhone() {
        browser.resize(360, 800);
        try {
            browser.open(page, "image=" + encoded(images(MISSES_ARM64).get(0)));
            assertThat(browser.script("return document.documentElement.scrollWidth"))
                    .isEqualTo(360L);
            browser.select("sort", "CPU, cores, most first");
            assertThat(browser.element("tbody td[data-label^=CPU]").getText()).contains(mostCpu());
            assertThat(violations()).isEmpty();
        } finally {
            browser.resize(1280, 1000);
        }
    }

    @Test
    @DisplayName("axe-core finds nothing: names, roles, contrast, headings, landmarks")
    void anAccessibilityCheckFindsNothing() {
        browser.open(page, "image=" + encoded(images(MISSES_ARM64).get(0)));

        assertThat(violations()).isEmpty();
        assertThat(browser.element("#count").getAriaRole()).isEqualTo("status");
        assertThat(browser.element("#matrix").getAccessibleName()).startsWith("Images and the platforms they run on");
        assertThat(browser.element("tbody .verdict").getText())
                .as("not by colour alone")
                .isEqualTo("runs");
    }

    @Test
    @DisplayName("10,000 images: 100 rows at a time, and the filter finds one")
    void tenThousandImages() throws IOException {
        PageData data = SamplePages.cluster(10_000);
        browser.open(SamplePages.file(folder, "large.html", data), "");

        assertThat(browser.element("#count").getText()).startsWith("10,000 images");
        assertThat(browser.count(IMAGES)).isEqualTo(100);
        assertThat(browser.element("#page").getText()).isEqualTo("Page 1 of 100");
        String last = data.rows().get(9_999).image();
        browser.open(folder.resolve("large.html"), "image=" + encoded(last));
        assertThat(browser.focused()).isEqualTo(last);
        browser.element("#q").sendKeys(last);
        assertThat(browser.texts(IMAGES)).containsExactly(last);
        browser.script("window.dispatchEvent(new Event('beforeprint'))");
        browser.element("#reset").click();
        browser.script("window.dispatchEvent(new Event('beforeprint'))");
        assertThat(browser.script("return document.querySelectorAll('tbody .image').length"))
                .isEqualTo(2000L);
        assertThat(browser.element("#cut").getText()).isEqualTo("The first 2,000 of 10,000 images.");
    }

    @Test
    @DisplayName("names and reasons that try to be script are shown, and do not run")
    void hostileTextsDoNotRun() throws IOException {
        Path hostile = SamplePages.file(folder, "hostile.html", HostileTexts.page());
        browser.open(hostile, "");

        for (int i = 0; i < HostileTexts.ALL.size(); i++) {
            browser.script("document.querySelectorAll('tbody .image')[arguments[0]].click()", i);
        }
        assertThat(browser.count(".detail")).isEqualTo(HostileTexts.ALL.size());
        for (String text : HostileTexts.ALL) {
            browser.open(hostile, "image=" + encoded(text) + "&namespace=" + encoded(text) + "&q=" + encoded(text));
        }
        assertThat(
                        browser.script(
                                "return String(window.hacked) + document.querySelectorAll('script, iframe, base, img, link').length"))
                .isEqualTo("undefined3");
        browser.open(hostile, "");
        for (int i = 0; i < HostileTexts.ALL.size(); i++) {
            assertThat(browser.script(
                            "return document.querySelectorAll('tbody .image span')[arguments[0]].textContent.toWellFormed()",
                            i))
                    .isEqualTo(HostileTexts.ALL.get(i).replace('\ud800', '\ufffd'));
        }
        browser.scripts(false);
        try {
            browser.open(hostile, "");
            assertThat(browser.count("script, iframe, base, img, link")).isEqualTo(3);
        } finally {
            browser.scripts(true);
        }
    }

    @Test
    void withoutScriptsThereIsATable() {
        browser.scripts(false);
        try {
            browser.open(page, "");
            assertThat(browser.count("noscript tbody tr")).isEqualTo(StaticTable.MOST_ROWS);
            assertThat(browser.element("noscript caption").getText()).startsWith("The first 200 of 214 images.");
            assertThat(browser.element("#app").isDisplayed()).isFalse();
            assertThat(browser.element(".skip").isDisplayed()).isFalse();
        } finally {
            browser.scripts(true);
        }
    }

    private static List<String> images(Predicate<PageRow> which) {
        return DATA.rows().stream().filter(which).map(PageRow::image).toList();
    }

    private static Predicate<PageRow> isIn(String namespace) {
        return row -> row.uses().stream().anyMatch(use -> use.namespace().equals(namespace));
    }

    private static String mostCpu() {
        return DATA.rows().stream()
                .map(row -> row.uses().stream()
                        .mapToLong(use -> use.cpuMillis().orElse(0))
                        .sum())
                .max(Comparator.naturalOrder())
                .map(most -> String.format("%.2f", most / 1000.0))
                .orElseThrow();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The columns that say that they are sorted, and how. */
    private static List<String> sorted() {
        return browser.elements("th[aria-sort]")
                .map(header -> header.getText() + " " + header.getDomAttribute("aria-sort"))
                .toList();
    }

    private static boolean inView(String css) {
        return (boolean) browser.script(
                "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
                        + " return box.top < innerHeight && box.bottom > 0",
                css);
    }

    /** How many sheets of paper the page takes. */
    private static int pages() {
        String pdf = new String(browser.pdf(), StandardCharsets.ISO_8859_1);
        return (int) Pattern.compile("/Type */Page\\b").matcher(pdf).results().count();
    }

    /** What axe-core has to say about the page as it is now. */
    private static List<?> violations() {
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
