package dev.stowage.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How the page looks and holds out: dark, paper, phone, 10,000 images, hostile names, no scripts, accessibility. */
class HtmlPageLooksIT extends PageInBrowser {

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
}
