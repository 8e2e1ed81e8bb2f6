package dev.stowage.report.api;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Objects;

/**
 * One report. Another one of the same name, made after this was deleted, is another: nothing that was found for the one may be
 * written to the other.
 *
 * @param resource its namespace and name
 * @param uid its own
 */
public record ReportId(ResourceID resource, String uid) {
    public ReportId {
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(uid, "uid");
    }

    public static ReportId of(ImageReport report) {
        return new ReportId(
                ResourceID.fromResource(report),
                Objects.requireNonNullElse(report.getMetadata().getUid(), ""));
    }
}
