package dev.stowage.report;

import dev.stowage.report.api.ImageReport;
import dev.stowage.report.status.Timestamps;
import dev.stowage.report.usage.ImageUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When reports go: those that Stowage made, some time after the last use of the image or its last denial. Those that people made
 * stay.
 *
 * @param time how long they stay
 */
record Retention(Duration time) {

    /** When this report goes if nothing happens; nothing for one that is in use or a person's. */
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
