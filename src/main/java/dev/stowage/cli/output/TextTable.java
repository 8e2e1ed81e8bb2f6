package dev.stowage.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows in aligned columns, fitted to a width: the last column is wrapped between words. Where the other columns leave it no
 * room, its text stands indented below its row; where the first cell alone is too long, the rest of the row begins below it.
 */
public final class TextTable {

    /** Colours of a cell, as ANSI escapes; only terminals get them. */
    public enum Colour {
        NONE(""),
        GREEN("\u001b[32m"),
        RED("\u001b[31m"),
        YELLOW("\u001b[33m"),
        BOLD("\u001b[1m");

        private static final String END = "\u001b[0m";
        private final String begin;

        Colour(String begin) {
            this.begin = begin;
        }

        String paint(String text) {
            return this == NONE || text.isEmpty() ? text : begin + text + END;
        }
    }

    private record Row(List<String> cells, Colour colour) {}

    private static final int GAP = 2;
    private static final int LEAST_LAST_COLUMN = 28;
    private static final String INDENT = "    ";

    private final List<String> headers;
    private final int painted;
    private final List<Row> rows = new ArrayList<>();

    /**
     * @param painted the column that takes the row's colour
     * @param headers the names of the columns
     */
    public TextTable(int painted, String... headers) {
        this.headers = List.of(headers);
        this.painted = painted;
    }

    /** Adds a row; an empty cell stays empty. */
    public void row(Colour colour, String... cells) {
        rows.add(new Row(Arrays.asList(cells), colour));
    }

    /** Adds a line that belongs to the row above it and is wrapped as a whole. */
    public void remark(String text) {
        rows.add(new Row(List.of(text), Colour.NONE));
    }

    /** The lines of the table. */
    public List<String> lines(int width, boolean colours) {
        int[] widths = widths(width);
        int before = Arrays.stream(widths).map(column -> column + GAP).sum();
        boolean inline = width - before >= LEAST_LAST_COLUMN;
        List<String> lines = new ArrayList<>();
        render(new Row(headers, Colour.BOLD), widths, width, inline, colours, lines);
        for (Row row : rows) {
            if (row.cells().size() == 1) {
                wrap(row.cells().get(0), width - INDENT.length()).forEach(line -> lines.add(INDENT + line));
            } else {
                render(row, widths, width, inline, colours, lines);
            }
        }
        return lines;
    }

    private int[] widths(int width) {
        int[] widths = new int[headers.size() - 1];
        int most = width == Integer.MAX_VALUE ? width : width / 2;
        for (int column = 0; column < widths.length; column++) {
            widths[column] = headers.get(column).length();
            for (Row row : rows) {
                int length = row.cells().size() > 1 ? row.cells().get(column).length() : 0;
                if (column > 0 || length <= most) {
                    widths[column] = Math.max(widths[column], length);
                }
            }
        }
        return widths;
    }

    private void render(Row row, int[] widths, int width, boolean inline, boolean colours, List<String> lines) {
        boolean header = row.colour() == Colour.BOLD;
        StringBuilder line = new StringBuilder();
        int at = 0;
        for (int column = 0; column < widths.length; column++) {
            String cell = row.cells().get(column);
            boolean colour = colours && (header || column == painted);
            line.append(colour ? row.colour().paint(cell) : cell);
            if (cell.length() > widths[column]) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(" ".repeat(widths[column] + GAP));
            } else {
                line.append(" ".repeat(widths[column] + GAP - cell.length()));
            }
            at += widths[column] + GAP;
        }
        String last = row.cells().get(widths.length);
        if (header || last.isEmpty()) {
            lines.add((line + (header && inline ? paintHeader(last, colours) : "")).stripTrailing());
        } else if (inline) {
            List<String> wrapped = wrap(last, width - at);
            lines.add(line + wrapped.get(0));
            for (String more : wrapped.subList(1, wrapped.size())) {
                lines.add(" ".repeat(at) + more);
            }
        } else {
            lines.add(line.toString().stripTrailing());
            wrap(last, width - INDENT.length()).forEach(more -> lines.add(INDENT + more));
        }
    }

    private static String paintHeader(String text, boolean colours) {
        return colours ? Colour.BOLD.paint(text) : text;
    }

    /** The text in lines of at most this width, broken between words; a longer word has a line of its own. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
