package dev.stowage.cli.scan;

import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.ImagePlatform;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The result as comma-separated values (RFC 4180): a header, and a line for each image in each namespace. */
final class ScanCsv {

    private static final List<String> HEADER = List.of(
            "namespace",
            "image",
            "digest",
            "verdict",
            "reason",
            "message",
            "missingPlatforms",
            "platforms",
            "usedBy",
            "usedByTotal",
            "cpuMillis",
            "memoryBytes");

    /** A spreadsheet takes a cell that begins like this for a formula. */
    private static final String FORMULA = "=+-@\t\r";

    private ScanCsv() {}

    static void write(ScanResult result, PrintWriter out) {
        line(HEADER, out);
        result.rows().forEach(row -> line(cells(row, result.requestsKnown()), out));
        out.flush();
    }

    private static List<String> cells(ScanRow row, boolean requestsKnown) {
        ImageReportStatus status = row.status();
        List<String> cells = new ArrayList<>();
        cells.add(row.namespace());
        cells.add(row.image());
        cells.add(text(status.digest()));
        cells.add(text(status.verdict()));
        cells.add(text(status.reason()));
        cells.add(text(status.message()));
        cells.add(String.join(" ", status.missingPlatforms()));
        cells.add(status.platforms().stream()
                .map(ImagePlatform::platform)
                .distinct()
                .collect(Collectors.joining(" ")));
        cells.add(String.join(" ", row.workloads()));
        cells.add(String.valueOf(status.usedByTotal()));
        cells.add(requestsKnown ? Long.toString(row.requests().milliCpu()) : "");
        cells.add(requestsKnown ? Long.toString(row.requests().bytes()) : "");
        return cells;
    }

    private static String text(String text) {
        return text == null ? "" : text;
    }

    private static void line(List<String> cells, PrintWriter out) {
        out.print(cells.stream().map(ScanCsv::cell).collect(Collectors.joining(",")));
        out.print("\r\n");
    }

    /** Quoted where the format needs it; what would be a formula is text. */
    static String cell(String text) {
        String guarded = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean quoted = guarded.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return quoted ? "\"" + guarded.replace("\"", "\"\"") + "\"" : guarded;
    }
}
