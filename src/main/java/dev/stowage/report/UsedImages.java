package dev.stowage.report;

import dev.stowage.admission.ReportedImage;
import dev.stowage.admission.ReportedImage.Finding;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.UsedBy;
import dev.stowage.report.status.ReportVerdict;
import dev.stowage.report.status.Timestamps;
import dev.stowage.verdict.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The images that workloads use, as their reports describe them. */
final class UsedImages {

    /** Users create reports, too. */
    private static final int MAX_REPORTS = 10_000;

    /** Scans without changes are recorded once a day. */
    private static final Duration STALE = Duration.ofHours(26);

    private UsedImages() {}

    /** Those of these reports. */
    static List<ReportedImage> of(Collection<ImageReport> reports, Instant now) {
        return reports.stream()
                .limit(MAX_REPORTS)
                .filter(report -> report.getSpec() != null && report.getSpec().image() != null)
                .flatMap(report -> of(report, now).stream())
                .sorted(Comparator.comparing(ReportedImage::image))
                .toList();
    }

    private static Optional<ReportedImage> of(ImageReport report, Instant now) {
        String image = report.getSpec().image();
        ImageReportStatus status = report.getStatus();
        if (status == null || status.verdict() == null) {
            return report.managed()
                    ? Optional.of(new ReportedImage(image, Finding.UNKNOWN, "", List.of(), false, false))
                    : Optional.empty();
        }
        int total = Objects.requireNonNullElse(status.usedByTotal(), 0);
        List<String> users = workloads(status.usedBy().stream());
        List<UsedBy> following =
                status.usedBy().stream().filter(user -> user.mode() == null).toList();
        boolean optedOut = following.isEmpty() && users.size() >= total;
        if (total == 0) {
            return Optional.empty();
        }
        return Optional.of(new ReportedImage(
                image,
                optedOut ? Finding.OPTED_OUT : finding(status, now),
                status.about().isEmpty()
                        ? Objects.requireNonNullElse(status.message(), "")
                        : status.about().get(0),
                workloads(following.stream()),
                following.stream().anyMatch(user -> user.kind().equals("DaemonSet")),
                status.checkedPlatforms().stream().anyMatch(one -> "Runs".equals(one.verdict()))));
    }

    private static List<String> workloads(Stream<UsedBy> users) {
        return users.map(user -> user.kind() + "/" + user.name()).distinct().toList();
    }

    private static Finding finding(ImageReportStatus status, Instant now) {
        boolean stale = Timestamps.parse(status.checkedTime())
                .filter(checked -> checked.isAfter(now.minus(STALE)))
                .isEmpty();
        boolean read = !ReportVerdict.UNRESOLVED.equals(status.verdict());
        if (stale && read) {
            return Finding.UNKNOWN;
        }
        return switch (status.verdict()) {
            case ReportVerdict.COMPATIBLE -> Finding.RUNS;
            case ReportVerdict.INCOMPATIBLE -> Finding.DOES_NOT_RUN;
            case ReportVerdict.NOT_FOUND -> Finding.NOT_FOUND;
            case ReportVerdict.UNRESOLVED -> unresolved(status.reason());
            default -> Finding.UNKNOWN;
        };
    }

    private static Finding unresolved(String label) {
        return Stream.of(Reason.values())
                .filter(reason -> reason.label().equals(label))
                .findFirst()
                .map(reason -> reason.uncertain() ? Finding.UNCERTAIN : Finding.UNRESOLVED)
                .orElse(Finding.UNKNOWN);
    }
}
