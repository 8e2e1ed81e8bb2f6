package dev.stowage.report.write;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.StatusFactory;
import java.time.Duration;
import java.time.Instant;

/**
 * What was last written to each report, so that a report can be told apart that is older than that (its event is on its way) or
 * that somebody else has written to since. Only a few numbers are kept of each.
 *
 * @param <K> identifies a report
 */
public final class WriteTracker<K> {

    private static final int MOST = 200_000;
    private static final long NOT_A_NUMBER = -1;

    /** How long an event may be on its way; versions may start again when a cluster is restored from a backup. */
    private static final Duration ON_ITS_WAY = Duration.ofMinutes(1);

    /** How long it is believed that the API server would make the same of the same again. */
    private static final Duration SAME_AGAIN = Duration.ofHours(1);

    private record Last(long version, int sent, int stands, Instant at) {}

    private final Cache<K, Last> last =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

    /** This report, as it is now, says what it should. */
    public void settled(K id, ImageReport now, Instant at) {
        last.put(id, new Last(version(now), content(now), content(now), at));
    }

    /** This status was written, and this has come of it: not quite the same where the CRD is another. */
    public void wrote(K id, ImageReportStatus status, ImageReport now, Instant at) {
        last.put(id, new Last(version(now), content(status), content(now), at));
    }

    /** Whether this very status was written already, and what came of it stands there: writing it again would change nothing. */
    public boolean wouldChangeNothing(K id, ImageReportStatus status, ImageReport seen, Instant now) {
        Last known = last.getIfPresent(id);
        return known != null
                && known.sent() == content(status)
                && known.stands() == content(seen)
                && now.isBefore(known.at().plus(SAME_AGAIN));
    }

    /** Whether this is how the report was before it was last written: nothing may be decided on that. */
    public boolean isBehind(K id, ImageReport seen, Instant now) {
        Last known = last.getIfPresent(id);
        long version = version(seen);
        return known != null
                && version != NOT_A_NUMBER
                && version < known.version()
                && now.isBefore(known.at().plus(ON_ITS_WAY));
    }

    /** Whether somebody else has written to the status; not known, and so false, until it has been settled once. */
    public boolean isForeign(K id, ImageReport seen) {
        Last known = last.getIfPresent(id);
        return known != null && known.stands() != content(seen);
    }

    public void forget(K id) {
        last.invalidate(id);
    }

    private static int content(ImageReport report) {
        return report.getStatus() == null ? 0 : content(report.getStatus());
    }

    /** Replicas write the last denial at any time. */
    private static int content(ImageReportStatus status) {
        return StatusFactory.withoutDenial(status).hashCode();
    }

    /** Versions are numbers that grow, which Kubernetes has promised since 1.35 and kept before. */
    private static long version(ImageReport report) {
        try {
            return Long.parseLong(report.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            return NOT_A_NUMBER;
        }
    }
}
