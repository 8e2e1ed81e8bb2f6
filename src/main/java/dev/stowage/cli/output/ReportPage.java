package dev.stowage.cli.output;

import dev.stowage.cli.page.NamespaceUse;
import dev.stowage.cli.page.PageCell;
import dev.stowage.cli.page.PageData;
import dev.stowage.cli.page.PageRow;
import dev.stowage.cli.page.PageVerdict;
import dev.stowage.cli.page.PageWorkload;
import dev.stowage.message.BuildAdvice;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.api.ImageReportStatus.ImagePlatform;
import dev.stowage.report.summary.Cell;
import dev.stowage.report.summary.ClusterSummary;
import dev.stowage.report.summary.ImageLine;
import dev.stowage.verdict.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The summary of ImageReports as the data of the HTML page. Reports on one image that say the same are one row. */
final class ReportPage {

    /** What the lines of a row have in common. */
    private record Finding(
            String image,
            String digest,
            PageVerdict verdict,
            String reason,
            String message,
            String fix,
            List<PageCell> cells) {}

    private ReportPage() {}

    static PageData of(ClusterSummary summary, String cluster, Instant at) {
        Map<Finding, List<ImageLine>> findings = new LinkedHashMap<>();
        for (ImageLine line : summary.lines()) {
            findings.computeIfAbsent(finding(line), any -> new ArrayList<>()).add(line);
        }
        List<PageRow> rows = new ArrayList<>();
        findings.forEach((finding, lines) -> rows.add(row(finding, lines)));
        return new PageData(
                cluster, "stowage report", Version.current(), at, "", summary.sentence(), summary.platforms(), rows);
    }

    private static PageRow row(Finding finding, List<ImageLine> lines) {
        List<String> notes = new ArrayList<>();
        List<NamespaceUse> uses = new ArrayList<>();
        List<PageWorkload> workloads = new ArrayList<>();
        int total = 0;
        for (ImageLine line : lines) {
            line.lastDenial().map(ImageLine::denied).ifPresent(notes::add);
            uses.add(NamespaceUse.of(line.namespace(), line.workloadsTotal()));
            line.workloads().forEach(workload -> workloads.add(new PageWorkload(line.namespace(), workload)));
            total += line.workloadsTotal();
        }
        return new PageRow(
                finding.image(),
                finding.digest(),
                finding.verdict(),
                finding.reason(),
                finding.message(),
                finding.fix(),
                notes,
                finding.cells(),
                uses,
                workloads,
                total);
    }

    private static Finding finding(ImageLine line) {
        List<PageCell> cells = new ArrayList<>();
        line.cells().forEach((platform, cell) -> cells.add(cell(line, platform, cell)));
        Optional<ImageReportStatus> status = line.status();
        return new Finding(
                line.image(),
                status.map(ImageReportStatus::digest).orElse(""),
                cells.stream()
                        .map(PageCell::verdict)
                        .min(Comparator.naturalOrder())
                        .orElseGet(() -> verdict(line)),
                status.map(ImageReportStatus::reason).orElse(""),
                line.message(),
                fix(line),
                cells);
    }

    private static PageVerdict verdict(ImageLine line) {
        if (isNotFound(line)) {
            return PageVerdict.NOT_FOUND;
        }
        return switch (line.verdict()) {
            case "Compatible" -> PageVerdict.RUNS;
            case "Incompatible" -> PageVerdict.DOES_NOT_RUN;
            default -> PageVerdict.UNDETERMINED;
        };
    }

    private static boolean isNotFound(ImageLine line) {
        return line.status()
                .map(ImageReportStatus::reason)
                .filter(Reason.NOT_FOUND.label()::equals)
                .isPresent();
    }

    private static PageCell cell(ImageLine line, String platform, Cell cell) {
        Optional<CheckedPlatform> checked = line.status().stream()
                .flatMap(status -> status.checkedPlatforms().stream())
                .filter(one -> platform.equals(one.platform()))
                .min(Comparator.comparing(CheckedPlatform::verdict));
        String reason = checked.map(CheckedPlatform::reason).orElse("");
        String message = checked.map(CheckedPlatform::message).orElse("");
        return switch (cell) {
            case RUNS -> new PageCell(PageVerdict.RUNS, reason, message);
            case HELD ->
                new PageCell(
                        PageVerdict.RUNS, "", "the image contains the platform; no node of it was there to check for");
            case MISSING -> new PageCell(PageVerdict.DOES_NOT_RUN, reason, missing(line, message));
            case UNKNOWN ->
                new PageCell(isNotFound(line) ? PageVerdict.NOT_FOUND : PageVerdict.UNDETERMINED, reason, message);
        };
    }

    /** A platform that no report was made for is missing because the image lacks it. */
    private static String missing(ImageLine line, String message) {
        return message.isEmpty() && !line.platforms().isEmpty() ? "contains " + line.platforms() : message;
    }

    /** The build that helps where the image lacks platforms; none where something else is wrong with it. */
    private static String fix(ImageLine line) {
        List<String> missing = line.platformsWith(Cell.MISSING);
        boolean helps = line.status().stream()
                .flatMap(status -> status.checkedPlatforms().stream())
                .filter(one -> missing.contains(one.platform()) && "DoesNotRun".equals(one.verdict()))
                .allMatch(one -> Stream.of(Reason.values())
                        .anyMatch(reason -> reason.label().equals(one.reason()) && BuildAdvice.helps(reason)));
        if (missing.isEmpty() || !helps) {
            return "";
        }
        return BuildAdvice.of(
                        parsed(line.status().stream()
                                .flatMap(status -> status.platforms().stream())
                                .map(ImagePlatform::platform)
                                .toList()),
                        parsed(missing))
                .orElse("");
    }

    private static List<Platform> parsed(Collection<String> platforms) {
        return platforms.stream()
                .map(ReportPage::parsed)
                .filter(Objects::nonNull)
                .toList();
    }

    private static Platform parsed(String platform) {
        try {
            return Platform.parse(platform);
        } catch (IllegalArgumentException e) {
            // what nobody could write on a command line, such as a platform without a name
            return null;
        }
    }
}
