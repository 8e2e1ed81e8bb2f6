package dev.stowage.cli.scan;

import dev.stowage.cli.output.Terminal;
import dev.stowage.cli.output.TextTable;
import dev.stowage.cli.output.TextTable.Colour;
import dev.stowage.image.Printable;
import java.util.List;
import java.util.Locale;

/** The result for people: what does not run or is not known, largest first, and what a migration needs to know. */
final class ScanTable {

    private static final int MOST_ROWS = 200;
    private static final int VERDICT = 2;
    private static final int THOUSAND = 1000;

    private ScanTable() {}

    static void write(ScanResult result, Terminal terminal) {
        List<ScanRow> concerns = result.rows().stream()
                .filter(row -> row.doesNotRun() || row.undetermined())
                .toList();
        if (!concerns.isEmpty()) {
            TextTable table = new TextTable(
                    VERDICT, "NAMESPACE", "IMAGE", "VERDICT", "MISSING", "CPU", "MEMORY", "USED BY", "WHY");
            concerns.stream().limit(MOST_ROWS).forEach(row -> add(row, result.requestsKnown(), table));
            table.lines(terminal.width(), terminal.colours()).forEach(terminal.out()::println);
            if (concerns.size() > MOST_ROWS) {
                terminal.out().println((concerns.size() - MOST_ROWS) + " more; -o json or -o csv has all of them.");
            }
            terminal.out().println();
        }
        result.sentences().forEach(terminal.out()::println);
        terminal.out().flush();
    }

    private static void add(ScanRow row, boolean requestsKnown, TextTable table) {
        table.row(
                row.doesNotRun() ? Colour.RED : Colour.YELLOW,
                row.namespace(),
                Printable.of(row.image()),
                row.status().verdict(),
                row.undetermined() ? "?" : String.join(",", row.status().missingPlatforms()),
                requestsKnown ? cpu(row.requests().milliCpu()) : "?",
                requestsKnown ? memory(row.requests().bytes()) : "?",
                row.workloadsInWords(),
                row.why());
    }

    /** {@code 250m}, {@code 12}. */
    static String cpu(long milliCpu) {
        return milliCpu >= THOUSAND * 10L
                ? Long.toString(Math.round((double) milliCpu / THOUSAND))
                : milliCpu % THOUSAND == 0 ? Long.toString(milliCpu / THOUSAND) : milliCpu + "m";
    }

    /** {@code 512Mi}, {@code 1.5Gi}. */
    static String memory(long bytes) {
        double amount = bytes;
        String unit = "";
        for (String next : List.of("Ki", "Mi", "Gi", "Ti")) {
            if (amount < 1024) {
                break;
            }
            amount /= 1024;
            unit = next;
        }
        String number =
                amount == Math.rint(amount) ? Long.toString((long) amount) : String.format(Locale.ROOT, "%.1f", amount);
        return number + unit;
    }
}
