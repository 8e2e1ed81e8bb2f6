package dev.stowage.cli.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.cli.output.TextTable.Colour;
import dev.stowage.cli.page.HtmlPage;
import dev.stowage.report.summary.Cell;
import dev.stowage.report.summary.ClusterSummary;
import dev.stowage.report.summary.ImageLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The forms in which {@code stowage report} sums a cluster up; the constants are the values of {@code -o}. */
public enum ReportFormat {
    /** For people. */
    TABLE {
        @Override
        public void write(ClusterSummary summary, String cluster, Instant at, Terminal terminal) {
            table(summary, terminal, false);
        }
    },
    /** The same with the reasons, and why workloads were denied. */
    WIDE {
        @Override
        public void write(ClusterSummary summary, String cluster, Instant at, Terminal terminal) {
            table(summary, terminal, true);
        }
    },
    /** One JSON object. */
    JSON {
        @Override
        public void write(ClusterSummary summary, String cluster, Instant at, Terminal terminal) {
            json(summary, cluster, at, terminal);
        }
    },
    /** One HTML page that needs nothing else. */
    HTML {
        @Override
        public void write(ClusterSummary summary, String cluster, Instant at, Terminal terminal) {
            try {
                HtmlPage.write(ReportPage.of(summary, cluster, at), terminal.out());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            terminal.out().flush();
        }
    };

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * Writes the summary to standard output, whole.
     *
     * @param cluster the name of the cluster; may be empty
     * @param at the time at which it was read
     */
    public abstract void write(ClusterSummary summary, String cluster, Instant at, Terminal terminal);

    private static void table(ClusterSummary summary, Terminal terminal, boolean reasons) {
        List<ImageLine> lines = summary.asked()
                ? summary.lines().stream()
                        .filter(line -> line.cells().values().stream().anyMatch(cell -> !cell.fits()))
                        .toList()
                : summary.lines();
        TextTable table = new TextTable(2, "NAMESPACE", "IMAGE", "VERDICT", "PLATFORMS", "MISSING", "USED BY");
        for (ImageLine line : lines) {
            List<String> missing = line.platformsWith(Cell.MISSING);
            boolean unknown = !line.platformsWith(Cell.UNKNOWN).isEmpty();
            table.row(
                    missing.isEmpty() ? (unknown ? Colour.YELLOW : Colour.GREEN) : Colour.RED,
                    line.namespace(),
                    line.image(),
                    line.verdict(),
                    line.platforms(),
                    missing.isEmpty() && unknown ? "?" : String.join(",", missing),
                    line.workloadsInWords());
            if (reasons) {
                line.remarks().forEach(table::remark);
            }
        }
        if (!lines.isEmpty()) {
            table.lines(terminal.width(), terminal.colours()).forEach(terminal.out()::println);
        }
        terminal.out().println(summary.sentence());
        terminal.out().flush();
    }

    private static void json(ClusterSummary summary, String cluster, Instant at, Terminal terminal) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("cluster", cluster).put("at", at.toString()).put("summary", summary.sentence());
        summary.platforms().forEach(root.putArray("platforms")::add);
        ArrayNode images = root.putArray("images");
        for (ImageLine line : summary.lines()) {
            ObjectNode image = images.addObject();
            image.put("namespace", line.namespace())
                    .put("image", line.image())
                    .put("verdict", line.verdict())
                    .put("message", line.message());
            ObjectNode cells = image.putObject("platforms");
            line.cells().forEach((platform, cell) -> cells.put(platform, cell.label()));
            line.workloads().forEach(image.putArray("workloads")::add);
            image.put("workloadsTotal", line.workloadsTotal());
            line.lastDenial().ifPresent(denial -> image.putPOJO("lastDenial", denial));
        }
        try {
            terminal.out().println(MAPPER.writeValueAsString(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        terminal.out().flush();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
