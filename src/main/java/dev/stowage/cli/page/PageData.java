package dev.stowage.cli.page;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What the page shows. The counts and shares of its summary are derived from the rows.
 *
 * @param cluster the name of the cluster, such as the context; may be empty
 * @param source where the results come from, such as {@code stowage report}
 * @param version the version of Stowage
 * @param at the time of the results
 * @param partial why they are not complete, as a sentence; empty if they are
 * @param sentence the result as a sentence, the same that the table ends with
 * @param platforms the platforms, {@code os/architecture[/variant]}, one column each
 * @param rows the images, in the order in which they are shown first
 */
public record PageData(
        String cluster,
        String source,
        String version,
        Instant at,
        String partial,
        String sentence,
        List<String> platforms,
        List<PageRow> rows) {

    public PageData {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(partial, "partial");
        Objects.requireNonNull(sentence, "sentence");
        platforms = List.copyOf(platforms);
        rows = List.copyOf(rows);
        for (PageRow row : rows) {
            if (row.cells().size() != platforms.size()) {
                throw new IllegalArgumentException(
                        row.cells().size() + " cells for " + platforms.size() + " platforms: " + row.image());
            }
        }
    }

    /** The totals of the rows. */
    public PageSummary summary() {
        return PageSummary.of(this);
    }
}
