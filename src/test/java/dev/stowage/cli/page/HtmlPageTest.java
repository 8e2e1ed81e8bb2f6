package dev.stowage.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HtmlPageTest {

    private static final Pattern DATA =
            Pattern.compile("<script id=\"data\" type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

    @Test
    @DisplayName("nothing that an image, a reason or a namespace is called becomes markup")
    void nothingForeignBecomesMarkup() {
        String page = SamplePages.html(HostileTexts.page());
        String empty = SamplePages.html(SamplePages.data("", List.of(), List.of()));

        for (String tag : List.of(
                "<script", "</script", "<style", "<link", "<base", "</noscript", "<img", "<iframe", "<!--", "<title")) {
            assertThat(count(page, tag)).as(tag).isEqualTo(count(empty, tag));
        }
        assertThat(page).doesNotContain("<svg onload", "\u2028");
        assertThat(page.chars())
                .as("ASCII, without control characters")
                .allMatch(c -> c >= ' ' && c < 0x7f || c == '\n');
    }

    @Test
    void theDataAreJsonWithTheTextsAsTheyAre() throws Exception {
        JsonNode data = data(SamplePages.html(HostileTexts.page()));

        assertThat(data.get("rows")).hasSize(HostileTexts.ALL.size());
        for (int i = 0; i < HostileTexts.ALL.size(); i++) {
            String text = HostileTexts.ALL.get(i);
            JsonNode row = data.get("rows").get(i);
            assertThat(row.get(0).textValue()).isEqualTo(text);
            assertThat(data.get("texts").get(row.get(4).intValue()).textValue()).isEqualTo(text);
            assertThat(data.get("platforms").get(i).textValue()).isEqualTo(text);
        }
    }

    @Test
    @DisplayName("the policy allows this script and this style, and nothing else")
    void thePolicyAllowsItsOwnScriptAndStyleAlone() throws Exception {
        String page = SamplePages.html(SamplePages.cluster(3));

        assertThat(page)
                .contains("content=\"default-src 'none'; script-src " + hash(between(page, "<script>", "</script>"))
                        + "; style-src " + hash(between(page, "<style>", "</style>"))
                        + "; img-src data:; base-uri 'none'");
        assertThat(page).doesNotContain("http:", "https:", "url(", "@import", " style=", " onclick=", "innerHTML");
    }

    @Test
    void theSameDataMakeTheSamePage() {
        assertThat(SamplePages.html(SamplePages.cluster(300))).isEqualTo(SamplePages.html(SamplePages.cluster(300)));
    }

    @Test
    @DisplayName("10,000 images are written piece by piece and stay below 4 MB")
    void manyImagesAreWrittenPieceByPiece() throws Exception {
        long[] written = new long[2];
        HtmlPage.write(SamplePages.cluster(10_000), new Writer() {
            @Override
            public void write(char[] characters, int from, int length) {
                written[0] += length;
                written[1] = Math.max(written[1], length);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });

        assertThat(written[0]).isBetween(1_000_000L, 4_000_000L);
        assertThat(written[1]).as("the longest piece").isLessThan(100_000);
    }

    @Test
    void withoutScriptsThereIsATableOfTheFirstImages() throws Exception {
        String page = SamplePages.html(SamplePages.cluster(StaticTable.MOST_ROWS + 1));
        String table = between(page, "<noscript>", "</noscript>");

        assertThat(table).contains("The first 200 of 201 images", "does not run", "Fix: build it for linux/arm64 too");
        assertThat(count(table, "<tr>")).isEqualTo(1 + StaticTable.MOST_ROWS);
        assertThat(between(SamplePages.html(SamplePages.cluster(3)), "<noscript>", "</noscript>"))
                .doesNotContain("The first");
    }

    @Test
    void theSummarySaysWhatDoesNotRunOnAPlatformAndWhatItTakes() {
        PageCell runs = new PageCell(PageVerdict.RUNS, "", "");
        PageCell missing = new PageCell(PageVerdict.DOES_NOT_RUN, "PlatformMissing", "contains linux/amd64 only");
        PageCell unknown = new PageCell(PageVerdict.UNDETERMINED, "Timeout", "took too long");
        PageData data = SamplePages.data(
                "",
                List.of("linux/arm64"),
                List.of(
                        requesting(runs, 880, 600),
                        requesting(missing, 115, 300),
                        requesting(missing, 0, 100),
                        requesting(unknown, 5, 0)));

        PageSummary.OfPlatform arm64 = data.summary().platforms().get(0);
        assertThat(arm64.verdicts()).containsEntry(PageVerdict.DOES_NOT_RUN, 2).containsEntry(PageVerdict.NOT_FOUND, 0);
        assertThat(SamplePages.html(data))
                .contains(
                        "1 <small>of 4 images run</small>",
                        "<a href=\"#platform=linux%2Farm64&amp;verdict=does-not-run\">2 do not run</a>:"
                                + " 12&#160;% of requested CPU, 40&#160;% of requested memory, in 1 namespace</p>",
                        "verdict=undetermined\">1 undetermined</a></p>");
    }

    @Test
    @DisplayName("without requests there are no shares, and without platforms or images there is still a page")
    void withoutRequestsThereAreNoShares() {
        PageCell missing = new PageCell(PageVerdict.DOES_NOT_RUN, "", "");
        PageData unknown =
                SamplePages.data("", List.of("linux/arm64"), List.of(SamplePages.row("a:1", "shop", "", "", missing)));

        assertThat(SamplePages.html(unknown))
                .contains("1 does not run</a>: in 1 namespace")
                .doesNotContain("% of requested");
        assertThat(SamplePages.html(SamplePages.data("There are no ImageReports.", List.of(), List.of())))
                .contains("<p class=\"lead\">There are no ImageReports.</p>", "\"rows\":[]");
    }

    @Test
    void saysThatItIsNotComplete() {
        PageData partial = new PageData(
                "", "stowage scan", "1", Instant.EPOCH, "stopped after 3 of 9 images", "", List.of(), List.of());

        assertThat(SamplePages.html(partial))
                .contains(
                        "<strong>Not complete.</strong> stopped after 3 of 9 images</p>",
                        "<title>Images and platforms of this cluster</title>");
        assertThat(SamplePages.html(SamplePages.cluster(1))).doesNotContain("Not complete");
    }

    @Test
    void everyRowHasACellForEachPlatformAndABoundedListOfWorkloads() {
        List<PageWorkload> workloads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            workloads.add(new PageWorkload("shop", "Deployment/" + i));
        }
        PageRow row = new PageRow("a", "", PageVerdict.RUNS, "", "", "", List.of(), List.of(), List.of(), workloads, 0);

        assertThat(row.workloads()).hasSize(PageRow.MOST_WORKLOADS);
        assertThat(row.workloadsTotal()).isEqualTo(50);
        assertThatThrownBy(() -> SamplePages.data("", List.of("linux/arm64"), List.of(row)))
                .hasMessage("0 cells for 1 platforms: a");
    }

    private static PageRow requesting(PageCell cell, long cpu, long memory) {
        return new PageRow(
                "a:" + cpu,
                "",
                cell.verdict(),
                "",
                "",
                "",
                List.of(),
                List.of(cell),
                List.of(new NamespaceUse("shop", 1, OptionalLong.of(cpu), OptionalLong.of(memory))),
                List.of(),
                1);
    }

    private static JsonNode data(String page) throws IOException {
        Matcher data = DATA.matcher(page);
        assertThat(data.find()).isTrue();
        return new ObjectMapper().readTree(data.group(1));
    }

    private static String hash(String content) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
