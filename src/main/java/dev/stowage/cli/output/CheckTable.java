package dev.stowage.cli.output;

import dev.stowage.cli.output.TextTable.Colour;
import dev.stowage.text.WordList;
import dev.stowage.verdict.Verdict;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of {@code stowage check}: each image once, a row for each platform, and below it the places that name it. */
final class CheckTable {

    private static final int PLACES_NAMED = 3;

    /** Shown once, however many places name the image. */
    private record Line(String platform, Verdict verdict) {}

    private CheckTable() {}

    static void write(List<ImageCheck> checks, Terminal terminal) {
        Map<String, Set<Line>> lines = new LinkedHashMap<>();
        Map<String, Set<String>> places = new LinkedHashMap<>();
        for (ImageCheck check : checks) {
            lines.computeIfAbsent(check.image(), image -> new LinkedHashSet<>())
                    .add(new Line(check.platform(), check.verdict()));
            check.source().ifPresent(source -> places.computeIfAbsent(check.image(), image -> new LinkedHashSet<>())
                    .add(source.workload() + " (" + source.place() + ")"));
        }
        TextTable table = new TextTable(2, "IMAGE", "PLATFORM", "VERDICT", "WHY");
        lines.forEach((image, rows) -> {
            String shown = image;
            for (Line line : rows) {
                table.row(
                        colour(line.verdict()),
                        shown,
                        line.platform(),
                        line.verdict().label(),
                        why(line.verdict()));
                shown = "";
            }
            if (places.containsKey(image)) {
                table.remark("in " + WordList.of(places.get(image), PLACES_NAMED));
            }
        });
        if (!lines.isEmpty()) {
            table.lines(terminal.width(), terminal.colours()).forEach(terminal.out()::println);
        }
        terminal.out().flush();
    }

    private static String why(Verdict verdict) {
        if (verdict instanceof Verdict.Runs) {
            return verdict.message().isEmpty() ? "" : "warning: " + verdict.message();
        }
        return verdict.reason().label() + ": " + verdict.message();
    }

    private static Colour colour(Verdict verdict) {
        if (verdict instanceof Verdict.Runs) {
            return verdict.message().isEmpty() ? Colour.GREEN : Colour.YELLOW;
        }
        return verdict instanceof Verdict.DoesNotRun ? Colour.RED : Colour.YELLOW;
    }
}
