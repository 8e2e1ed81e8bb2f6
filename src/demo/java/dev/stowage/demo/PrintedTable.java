package dev.stowage.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table as kubectl prints it: three blanks between columns, names in capitals.
 *
 * @param lines its lines, the first of which names the columns
 */
record PrintedTable(List<String> lines) {

    private static final String GAP = "   ";

    PrintedTable {
        lines = List.copyOf(lines);
    }

    /**
     * Of the columns that are shown without {@code -o wide}.
     *
     * @param table a {@code meta.k8s.io/v1 Table}
     */
    static PrintedTable of(JsonNode table) {
        List<Integer> shown = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        List<String> names = new ArrayList<>();
        JsonNode columns = table.path("columnDefinitions");
        for (int column = 0; column < columns.size(); column++) {
            if (columns.get(column).path("priority").asInt() == 0) {
                shown.add(column);
                names.add(columns.get(column).path("name").asText().toUpperCase(Locale.ROOT));
            }
        }
        rows.add(names);
        for (JsonNode row : table.path("rows")) {
            rows.add(shown.stream()
                    .map(column -> row.path("cells").path(column))
                    .map(cell -> cell.isNull() ? "" : cell.asText())
                    .toList());
        }
        return new PrintedTable(aligned(rows));
    }

    private static List<String> aligned(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(each -> each.get(column).length())
                        .max()
                        .orElse(0);
                line.append(row.get(i))
                        .append(" ".repeat(width - row.get(i).length()))
                        .append(GAP);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
