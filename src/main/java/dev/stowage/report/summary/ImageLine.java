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
 * @param status what the report says of it; empty where it says nothing yet
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
        Optional<ImageReportStatus> status) {

    public ImageLine {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(platforms, "platforms");
        cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
        workloads = List.copyOf(workloads);
        Objects.requireNonNull(status, "status");
    }

    /** The last request that was denied because of it. */
    public Optional<ImageReportStatus.Denial> lastDenial() {
        return status.map(ImageReportStatus::lastDenial);
    }

    /** Why it does not run everywhere, and the last denial, a sentence each; none if there is nothing to say. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (!message.isEmpty()) {
            remarks.add(message);
        }
        status.map(ImageReportStatus::summary)
                .map(ImageReportStatus.Summary::steered)
                .ifPresent(platforms -> remarks.add("steering keeps its pods on " + platforms));
        lastDenial().map(ImageLine::denied).ifPresent(remarks::add);
        return remarks;
    }

    /** For example {@code denied Pod/api-1 at 2026-11-24T10:00:00Z: cannot run on any node}. */
    public static String denied(ImageReportStatus.Denial denial) {
        String why = denial.message() == null ? "" : ": " + denial.message();
        String count = denial.count() == null || denial.count() < 2 ? "" : ", the last of " + denial.count();
        return "denied " + denial.workload() + " at " + denial.time() + count + why;
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
