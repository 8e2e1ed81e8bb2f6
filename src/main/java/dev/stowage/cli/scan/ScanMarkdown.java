package dev.stowage.cli.scan;

import dev.stowage.cli.output.MarkdownText;
import java.io.PrintWriter;
import java.util.List;

/** The result in GitHub Flavored Markdown: what a migration needs to know, and what does not run or is not known. */
final class ScanMarkdown {

    /** A comment of a code host may have some 65,000 characters. */
    private static final int MOST_ROWS = 200;

    private ScanMarkdown() {}

    static void write(ScanResult result, PrintWriter out) {
        String cluster = result.cluster().isEmpty() ? "" : " of " + MarkdownText.text(result.cluster());
        out.println("### Stowage: scan" + cluster);
        out.println();
        result.sentences().forEach(sentence -> out.println("- " + MarkdownText.text(sentence)));
        result.notes().forEach(note -> out.println("- " + MarkdownText.text(note)));
        List<ScanRow> concerns = result.rows().stream()
                .filter(row -> row.doesNotRun() || row.undetermined())
                .toList();
        if (!concerns.isEmpty()) {
            out.println();
            out.println("| namespace | image | verdict | missing | CPU | memory | used by | why |");
            out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
            concerns.stream().limit(MOST_ROWS).forEach(row -> row(row, result.requestsKnown(), out));
        }
        if (concerns.size() > MOST_ROWS) {
            out.println();
            out.println((concerns.size() - MOST_ROWS) + " more.");
        }
        out.flush();
    }

    private static void row(ScanRow row, boolean requestsKnown, PrintWriter out) {
        out.println("| " + MarkdownText.text(row.namespace()) + " | " + MarkdownText.code(row.image()) + " | "
                + row.status().verdict() + " | "
                + MarkdownText.text(String.join(", ", row.status().missingPlatforms())) + " | "
                + (requestsKnown ? ScanTable.cpu(row.requests().milliCpu()) : "?") + " | "
                + (requestsKnown ? ScanTable.memory(row.requests().bytes()) : "?") + " | "
                + MarkdownText.text(row.workloadsInWords()) + " | " + MarkdownText.text(row.why()) + " |");
    }
}
