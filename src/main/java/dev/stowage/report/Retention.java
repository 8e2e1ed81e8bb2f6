package dev.stowage.report;

import dev.stowage.report.api.ImageReport;
import dev.stowage.report.status.Timestamps;
import dev.stowage.report.usage.ImageUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When reports are deleted: those that Stowage created, some time after the last use or denial of the image. Those that users created
 * stay.
 *
 * @param time how long unused reports stay
 */
record Retention(Duration time) {

    /** When this report is to be deleted; empty if the image is in use or a user created it. */
    Optional<Instant> expiry(ImageReport report, ImageUsage usage) {
        if (!report.managed() || !usage.isEmpty() || report.getStatus() == null) {
            return Optional.empty();
        }
        Optional<Instant> unused = Timestamps.parse(report.getStatus().unusedSinceTime());
        Optional<Instant> denied =
                Optional.ofNullable(report.getStatus().lastDenial()).flatMap(denial -> Timestamps.parse(denial.time()));
        return unused.map(since -> denied.filter(since::isBefore).orElse(since).plus(time));
    }
}
