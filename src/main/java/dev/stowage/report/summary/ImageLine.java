package dev.stowage.report.summary;

import dev.stowage.text.WordList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one report comes to.
 *
 * @param namespace its namespace
 * @param image the image
 * @param verdict the report's verdict; {@code Pending} where there is none yet
 * @param message the reason as a sentence; may be empty
 * @param platforms what it contains, in one line; empty when that is not known
 * @param cells for each of the summary's platforms
 * @param workloads those that use it, {@code Deployment/web}, as far as the report lists them
 * @param workloadsTotal how many use it
 */
public record ImageLine(
        String namespace,
        String image,
        String verdict,
        String message,
        String platforms,
        Map<String, Cell> cells,
        List<String> workloads,
        int workloadsTotal) {

    public ImageLine {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(platforms, "platforms");
        cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
        workloads = List.copyOf(workloads);
    }

    /** The platforms with this cell. */
    public List<String> platformsWith(Cell cell) {
        return cells.entrySet().stream()
                .filter(entry -> entry.getValue() == cell)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The workloads in words: {@code Deployment/web, CronJob/report and 3 more}. */
    public String workloadsInWords() {
        return WordList.of(workloads, 2, workloadsTotal);
    }
}
