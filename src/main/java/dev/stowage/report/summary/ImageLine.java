package dev.stowage.report.summary;

import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.text.WordList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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
 * @param lastDenial the last request that was denied because of it
 */
public record ImageLine(
        String namespace,
        String image,
        String verdict,
        String message,
        String platforms,
        Map<String, Cell> cells,
        List<String> workloads,
        int workloadsTotal,
        Optional<ImageReportStatus.Denial> lastDenial) {

    public ImageLine {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(platforms, "platforms");
        cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
        workloads = List.copyOf(workloads);
        Objects.requireNonNull(lastDenial, "lastDenial");
    }

    /** Why it does not run everywhere, and the last denial, a sentence each; none if there is nothing to say. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (!message.isEmpty()) {
            remarks.add(message);
        }
        lastDenial.ifPresent(denial -> {
            String why = denial.message() == null ? "" : ": " + denial.message();
            String count = denial.count() == null || denial.count() < 2 ? "" : ", the last of " + denial.count();
            remarks.add("denied " + denial.workload() + " at " + denial.time() + count + why);
        });
        return remarks;
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
