package dev.stowage.cli.output;

import dev.stowage.verdict.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The result of {@code stowage check} in GitHub Flavored Markdown, for the summaries of pipelines and comments of code hosts: what
 * needs attention in a table, what runs folded away below.
 */
final class CheckMarkdown {

    /** Each image on a platform once, however many places name it. */
    private record Row(String image, String platform, Verdict verdict) {

        int order() {
            if (verdict instanceof Verdict.DoesNotRun) {
                return 0;
            }
            return verdict instanceof Verdict.Undetermined
                    ? 1
                    : verdict.message().isEmpty() ? 3 : 2;
        }

        String outcome() {
            return List.of("does not run", "undetermined", "runs with a warning", "runs")
                    .get(order());
        }
    }

    private static final int PLACES_NAMED = 5;
    private static final int RUNS = 3;

    private CheckMarkdown() {}

    static void write(List<ImageCheck> checks, PrintWriter out) {
        Map<Row, Set<String>> rows = new LinkedHashMap<>();
        for (ImageCheck check : checks) {
            Set<String> places = rows.computeIfAbsent(
                    new Row(check.image(), check.platform(), check.verdict()), row -> new LinkedHashSet<>());
            check.source().ifPresent(source -> places.add(place(source)));
        }
        List<Row> sorted = new ArrayList<>(rows.keySet());
        sorted.sort(Comparator.comparingInt(Row::order));
        List<Row> concerns = sorted.stream().filter(row -> row.order() < RUNS).toList();
        out.println("### Stowage: " + headline(sorted));
        table(concerns, rows, out);
        List<Row> running = sorted.subList(concerns.size(), sorted.size());
        if (!running.isEmpty()) {
            out.println();
            out.println("<details><summary>" + "runs: " + running.size() + "</summary>");
            table(running, rows, out);
            out.println();
            out.print("</details>");
            CheckFormat.end(out);
        }
        out.flush();
    }

    private static String headline(List<Row> rows) {
        if (rows.isEmpty()) {
            return "nothing to check";
        }
        Map<String, Long> counts =
                rows.stream().collect(Collectors.groupingBy(Row::outcome, LinkedHashMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(count -> count.getKey() + ": " + count.getValue())
                .collect(Collectors.joining(" · "));
    }

    private static void table(List<Row> rows, Map<Row, Set<String>> places, PrintWriter out) {
        if (rows.isEmpty()) {
            return;
        }
        out.println();
        out.println("| image | platform | verdict | why | where |");
        out.println("| --- | --- | --- | --- | --- |");
        for (Row row : rows) {
            Set<String> named = places.getOrDefault(row, Set.of());
            String where =
                    named.stream().limit(PLACES_NAMED).map(MarkdownText::text).collect(Collectors.joining("<br>"));
            String more = named.size() > PLACES_NAMED ? "<br>and " + (named.size() - PLACES_NAMED) + " more" : "";
            out.println("| " + MarkdownText.code(row.image()) + " | " + MarkdownText.text(row.platform()) + " | "
                    + row.outcome() + " | " + why(row) + " | " + where + more + " |");
        }
    }

    private static String why(Row row) {
        boolean runs = row.verdict() instanceof Verdict.Runs;
        return MarkdownText.text(
                runs
                        ? row.verdict().message()
                        : row.verdict().reason().label() + ": " + row.verdict().message());
    }

    private static String place(ImageCheck.Source source) {
        String file = source.file().equals("-") ? "" : ", " + source.file() + ":" + source.line();
        return source.workload() + " (" + source.place() + ")" + file;
    }
}
