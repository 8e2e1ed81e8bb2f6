package dev.stowage.report.summary;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The summary as one HTML page that needs nothing else: no script, no font, no picture. All that comes from the cluster is escaped;
 * the page's own policy forbids whatever would be loaded.
 */
public final class SummaryPage {

    private static final String TEMPLATE = read();

    private SummaryPage() {}

    /**
     * The page.
     *
     * @param cluster what the cluster is called; may be empty
     * @param at when the reports were read
     */
    public static String of(ClusterSummary summary, String cluster, Instant at) {
        return TEMPLATE.replace("{{cluster}}", cluster.isEmpty() ? "this cluster" : escaped(cluster))
                .replace(
                        "{{at}}",
                        escaped(at.truncatedTo(ChronoUnit.MINUTES).toString().replace("T", " ")))
                .replace("{{tiles}}", tiles(summary))
                .replace("{{head}}", head(summary.platforms()))
                .replace("{{rows}}", rows(summary))
                .replace("{{sentence}}", escaped(summary.sentence()));
    }

    private static String tiles(ClusterSummary summary) {
        StringBuilder tiles = new StringBuilder();
        tile(tiles, summary.lines().size(), "images");
        for (String platform : summary.platforms()) {
            long fit = summary.lines().stream()
                    .filter(line -> line.cells().get(platform).fits())
                    .count();
            tile(tiles, fit, "run on " + platform);
        }
        tile(tiles, ClusterSummary.workloads(summary.linesWith(Cell.MISSING)), "workloads affected");
        return tiles.toString();
    }

    private static void tile(StringBuilder tiles, long number, String what) {
        tiles.append("<li><b>")
                .append(number)
                .append("</b> ")
                .append(escaped(what))
                .append("</li>\n");
    }

    private static String head(List<String> platforms) {
        StringBuilder head = new StringBuilder();
        platforms.forEach(platform ->
                head.append("<th scope=\"col\">").append(escaped(platform)).append("</th>"));
        return head.toString();
    }

    private static String rows(ClusterSummary summary) {
        StringBuilder rows = new StringBuilder();
        for (ImageLine line : summary.lines()) {
            rows.append("<tr><th scope=\"row\"><code>")
                    .append(escaped(line.image()))
                    .append("</code><small>")
                    .append(escaped(line.namespace()))
                    .append("</small></th>");
            line.cells().forEach((platform, cell) -> rows.append(cell(platform, cell)));
            rows.append("<td class=\"why\" data-label=\"used by\">")
                    .append(escaped(line.workloadsInWords()))
                    .append("</td><td class=\"why\" data-label=\"why\">")
                    .append(escaped(line.message()))
                    .append("</td></tr>\n");
        }
        return rows.toString();
    }

    private static String cell(String platform, Cell cell) {
        String mark =
                switch (cell) {
                    case RUNS -> "✓";
                    case HELD -> "○";
                    case MISSING -> "✗";
                    case UNKNOWN -> "?";
                };
        return "<td class=\"cell " + cell.label() + "\" data-label=\"" + escaped(platform)
                + "\"><span aria-hidden=\"true\">" + mark + "</span> " + cell.label() + "</td>";
    }

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '{' -> escaped.append("&#123;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static String read() {
        try (InputStream in = SummaryPage.class.getResourceAsStream("summary.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
