package dev.stowage.report;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Objects;

/**
 * One report. Another one of the same name, made after this was deleted, is another: nothing that was found for the one may be
 * written to the other.
 *
 * @param resource its namespace and name
 * @param uid its own
 */
record ReportId(ResourceID resource, String uid) {
    ReportId {
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(uid, "uid");
    }

    static ReportId of(ImageReport report) {
        return new ReportId(
                ResourceID.fromResource(report),
                Objects.requireNonNullElse(report.getMetadata().getUid(), ""));
    }
}
