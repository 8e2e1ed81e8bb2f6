package dev.stowage.report.write;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.StatusFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What was last written to each report, to tell Stowage's own statuses from those that another client wrote. Only two hashes are
 * kept of each.
 *
 * @param <K> identifies a report
 */
public final class WriteTracker<K> {

    private static final int MAX_ENTRIES = 200_000;

    /** How long the API server is expected to answer the same write with the same result. */
    private static final Duration SAME_RESULT = Duration.ofHours(1);

    private record Last(int sent, int stored, Instant time) {}

    private final Cache<K, Last> last = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .executor(Runnable::run)
            .build();

    /** Records that this status was written and that the report is so now: not the same where the installed CRD differs. */
    public void wrote(K id, ImageReportStatus status, ImageReport report, Instant now) {
        last.put(id, new Last(content(status), content(report), now));
    }

    /**
     * Whether writing this status would change nothing: the report says the same, or it is as the last write of the same status left
     * it.
     */
    public boolean isUpToDate(K id, ImageReportStatus status, ImageReport report, Instant now) {
        if (!StatusFactory.differ(Optional.ofNullable(report.getStatus()), status)) {
            wrote(id, status, report, now);
            return true;
        }
        Last known = last.getIfPresent(id);
        return known != null
                && known.sent() == content(status)
                && known.stored() == content(report)
                && now.isBefore(known.time().plus(SAME_RESULT));
    }

    /** Whether another client has written to the status; false until Stowage has written it or found it up to date once. */
    public boolean isForeign(K id, ImageReport report) {
        Last known = last.getIfPresent(id);
        return known != null && known.stored() != content(report);
    }

    /** Forgets a report that is gone. */
    public void forget(K id) {
        last.invalidate(id);
    }

    private static int content(ImageReport report) {
        return report.getStatus() == null ? 0 : content(report.getStatus());
    }

    /** Without the last denial, which any replica writes at any time. */
    private static int content(ImageReportStatus status) {
        return StatusFactory.withoutDenial(status).hashCode();
    }
}
