package dev.stowage.cli.page;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** The first images as a table without scripts. */
final class StaticTable {

    /** How many images it has. */
    static final int MOST_ROWS = 200;

    private static final int MOST_NAMESPACES = 5;

    private StaticTable() {}

    static void write(PageData data, Writer out) throws IOException {
        List<PageRow> rows =
                data.rows().subList(0, Math.min(MOST_ROWS, data.rows().size()));
        out.append("<noscript><div class=\"scroll\"><table class=\"static\">\n<caption>");
        if (rows.size() < data.rows().size()) {
            out.append("The first ").append(Integer.toString(rows.size())).append(" of ");
            out.append(Integer.toString(data.rows().size())).append(" images. ");
        }
        out.append(
                "With scripts, this page has a filter and all images.</caption>\n<thead><tr><th scope=\"col\">Image</th>");
        for (String platform : data.platforms()) {
            element("th scope=\"col\"", platform, out);
        }
        out.append("<th scope=\"col\">Namespaces</th></tr></thead>\n<tbody>\n");
        for (PageRow row : rows) {
            row(row, data.platforms(), out);
        }
        out.append("</tbody>\n</table></div></noscript>\n");
    }

    private static void row(PageRow row, List<String> platforms, Writer out) throws IOException {
        out.append("<tr><th scope=\"row\">");
        element("code", row.image(), out);
        if (row.verdict() != PageVerdict.RUNS || platforms.isEmpty()) {
            why(row, out);
        }
        out.append("</th>");
        for (int column = 0; column < platforms.size(); column++) {
            PageVerdict verdict = row.cells().get(column).verdict();
            out.append("<td data-label=\"");
            Html.text(platforms.get(column), out);
            out.append("\"><span class=\"verdict ").append(verdict.key()).append("\">");
            out.append(verdict.words(1)).append("</span></td>");
        }
        out.append("<td class=\"names\" data-label=\"Namespaces\">");
        List<String> names = row.uses().stream()
                .map(NamespaceUse::namespace)
                .limit(MOST_NAMESPACES)
                .toList();
        Html.text(String.join(", ", names), out);
        if (row.uses().size() > names.size()) {
            out.append(" and ")
                    .append(Integer.toString(row.uses().size() - names.size()))
                    .append(" more");
        }
        out.append("</td></tr>\n");
    }

    private static void why(PageRow row, Writer out) throws IOException {
        for (String line : new String[] {row.message(), row.fix().isEmpty() ? "" : "Fix: " + row.fix()}) {
            if (!line.isEmpty()) {
                element("span class=\"why\"", line, out);
            }
        }
    }

    private static void element(String tag, String text, Writer out) throws IOException {
        out.append('<').append(tag).append('>');
        Html.text(text, out);
        out.append("</").append(tag.split(" ", 2)[0]).append('>');
    }
}
