package dev.stowage.report.summary;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.PlatformMatcher;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cluster's reports, summed up.
 *
 * @param platforms the platforms that images are held against: those requested, or those of the cluster's nodes
 * @param asked whether they were requested
 * @param lines one for each report, those with something missing first
 */
public record ClusterSummary(List<String> platforms, boolean asked, List<ImageLine> lines) {

    private static final String PENDING = "Pending";
    private static final String NOT_FOUND = "NotFound";

    public ClusterSummary {
        platforms = List.copyOf(platforms);
        lines = List.copyOf(lines);
    }

    /**
     * Sums reports up.
     *
     * @param asked the platforms to hold images against; those of the cluster's nodes when empty
     */
    public static ClusterSummary of(Collection<ImageReport> reports, List<Platform> asked) {
        Set<String> platforms = new LinkedHashSet<>();
        asked.forEach(platform -> platforms.add(platform.toString()));
        if (asked.isEmpty()) {
            Set<String> ofNodes = new TreeSet<>();
            statuses(reports)
                    .forEach(status -> status.checkedPlatforms().forEach(node -> ofNodes.add(node.platform())));
            platforms.addAll(ofNodes);
        }
        List<ImageLine> lines = new ArrayList<>();
        for (ImageReport report : reports) {
            if (report.getSpec() != null && report.getSpec().image() != null) {
                lines.add(line(report, platforms));
            }
        }
        lines.sort(Comparator.comparing(
                        (ImageLine line) -> line.platformsWith(Cell.MISSING).isEmpty())
                .thenComparing(line -> line.platformsWith(Cell.UNKNOWN).isEmpty())
                .thenComparing(line -> -line.workloadsTotal())
                .thenComparing(ImageLine::namespace)
                .thenComparing(ImageLine::image));
        return new ClusterSummary(List.copyOf(platforms), !asked.isEmpty(), lines);
    }

    private static List<ImageReportStatus> statuses(Collection<ImageReport> reports) {
        return reports.stream()
                .map(ImageReport::getStatus)
                .flatMap(status -> Optional.ofNullable(status).stream())
                .toList();
    }

    private static ImageLine line(ImageReport report, Set<String> platforms) {
        Optional<ImageReportStatus> status = Optional.ofNullable(report.getStatus());
        Map<String, Cell> cells = new LinkedHashMap<>();
        platforms.forEach(platform ->
                cells.put(platform, status.map(known -> cell(known, platform)).orElse(Cell.UNKNOWN)));
        List<String> workloads = status.map(ImageReportStatus::usedBy).orElse(List.of()).stream()
                .map(user -> user.kind() + "/" + user.name())
                .distinct()
                .toList();
        return new ImageLine(
                report.getMetadata().getNamespace(),
                report.getSpec().image(),
                status.map(ImageReportStatus::verdict).orElse(PENDING),
                status.map(ImageReportStatus::message).orElse(""),
                status.map(ImageReportStatus::summary)
                        .map(ImageReportStatus.Summary::platforms)
                        .orElse(""),
                cells,
                workloads,
                Math.max(
                        workloads.size(),
                        status.map(ImageReportStatus::usedByTotal).orElse(0)),
                status);
    }

    /** What was checked counts; where no node has the platform yet, what the image contains says what one would find. */
    private static Cell cell(ImageReportStatus status, String platform) {
        Optional<String> verdict = status.checkedPlatforms().stream()
                .filter(node -> platform.equals(node.platform()))
                .map(CheckedPlatform::verdict)
                .min(Comparator.naturalOrder());
        if (verdict.isPresent()) {
            return switch (verdict.get()) {
                case "Runs" -> Cell.RUNS;
                case "DoesNotRun" -> Cell.MISSING;
                default -> Cell.UNKNOWN;
            };
        }
        if (status.digest() == null) {
            boolean nowhere = "Incompatible".equals(status.verdict());
            return nowhere ? Cell.MISSING : Cell.UNKNOWN;
        }
        int listed = status.platforms().size();
        boolean allListed = status.platformsTotal() == null || status.platformsTotal() <= listed;
        boolean held = status.platforms().stream().anyMatch(one -> takes(platform, one.platform()));
        return held ? Cell.HELD : allListed ? Cell.MISSING : Cell.UNKNOWN;
    }

    private static boolean takes(String node, String held) {
        try {
            return PlatformMatcher.of(NodeProfile.of(Platform.parse(node))).fetches(Platform.parse(held));
        } catch (IllegalArgumentException e) {
            // a platform that nobody could write on a command line, such as one without a name
            return false;
        }
    }

    /** The lines that have this cell for some platform. */
    public List<ImageLine> linesWith(Cell cell) {
        return lines.stream()
                .filter(line -> !line.platformsWith(cell).isEmpty())
                .toList();
    }

    /** How many workloads use an image of these lines; one that uses two of them counts twice only where not all are listed. */
    public static int workloads(List<ImageLine> lines) {
        Set<String> named = new LinkedHashSet<>();
        int unnamed = 0;
        for (ImageLine line : lines) {
            line.workloads().forEach(workload -> named.add(line.namespace() + "/" + workload));
            unnamed += line.workloadsTotal() - line.workloads().size();
        }
        return named.size() + unnamed;
    }

    /** The answer in one sentence: what is missing, how many workloads that concerns. */
    public String sentence() {
        if (lines.isEmpty()) {
            return "There are no ImageReports.";
        }
        if (platforms.isEmpty()) {
            return count(lines.size(), "image") + "; no platform is known to check them for: name one with --platform.";
        }
        List<ImageLine> missing = linesWith(Cell.MISSING);
        List<ImageLine> unknown = linesWith(Cell.UNKNOWN).stream()
                .filter(line -> !missing.contains(line))
                .toList();
        long absent = unknown.stream()
                .filter(line -> line.verdict().equals(NOT_FOUND))
                .count();
        String where = String.join(", ", platforms);
        String of = "of " + count(lines.size(), "image") + " ";
        if (missing.isEmpty() && unknown.isEmpty()) {
            return "All " + count(lines.size(), "image") + (lines.size() == 1 ? " runs" : " run") + " on " + where
                    + ".";
        }
        List<String> clauses = new ArrayList<>();
        if (!missing.isEmpty()) {
            clauses.add(missing.size() + " " + of + (missing.size() == 1 ? "does" : "do") + " not run on "
                    + (platforms.size() == 1 ? where : "every platform (" + where + ")") + ", which concerns "
                    + count(workloads(missing), "workload") + ".");
        }
        if (absent > 0) {
            clauses.add(absent + " " + (clauses.isEmpty() ? of : "") + (absent == 1 ? "does" : "do") + " not exist.");
        }
        if (unknown.size() > absent) {
            clauses.add(unknown.size() - absent + " " + (clauses.isEmpty() ? of : "") + "could not be checked.");
        }
        return String.join(" ", clauses);
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
