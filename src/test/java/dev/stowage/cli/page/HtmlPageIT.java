package dev.stowage.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** What the page does: filter, order, reasons, links, keyboard. */
class HtmlPageIT extends PageInBrowser {

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
    @DisplayName("a platform that no pod of an image is scheduled on is neither good nor bad, and can be filtered")
    void aPlatformThatNoPodIsScheduledOn() throws IOException {
        PageCell runs = new PageCell(PageVerdict.RUNS, "", "");
        PageCell elsewhere = new PageCell(PageVerdict.NOT_SCHEDULED, "NotScheduled", "no pod is scheduled there");
        PageData data = SamplePages.data(
                "",
                SamplePages.PLATFORMS,
                List.of(
                        SamplePages.row("pinned:1", "shop", "", "", runs, elsewhere),
                        SamplePages.row("anywhere:1", "shop", "", "", runs, runs)));
        browser.open(SamplePages.file(folder, "pinned.html", data), "");

        assertThat(browser.texts(".platforms li:nth-child(2) a")).containsExactly("1 not scheduled");
        browser.select("platform", "linux/arm64");
        browser.select("verdict", "not scheduled");
        assertThat(browser.texts(IMAGES)).containsExactly("pinned:1");
        assertThat(browser.texts("tbody .verdict")).containsExactly("not scheduled");
        assertThat(violations()).isEmpty();
        browser.open(page, "");
        assertThat(browser.texts("#verdict option")).doesNotContain("not scheduled");
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
}
