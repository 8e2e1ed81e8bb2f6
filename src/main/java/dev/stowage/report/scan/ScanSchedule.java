package dev.stowage.report.scan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.platform.NodeProfile;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.NodeVerdicts;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.ReportVerdict;
import dev.stowage.report.status.StatusFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * When images are scanned again. Scans are spread: each period is randomized, and a new leader distributes the first scans of all
 * existing reports over a whole period.
 *
 * @param <K> identifies a report
 */
public final class ScanSchedule<K> {

    /** What has to be scanned. */
    public enum Need {
        /** Nothing. */
        NOTHING,
        /** The new platforms, from what is in memory of the image. */
        NEW_PLATFORMS,
        /** The image. */
        IMAGE
    }

    private static final int MAX_ENTRIES = 200_000;
    /** After the first fault; doubled with each further one, up to the usual period. */
    private static final Duration AFTER_FAULT = Duration.ofMinutes(5);

    private static final int MAX_DOUBLINGS = 12;

    /** A scan that the full queue rejected is submitted again after that time. */
    private static final Duration WHILE_SCANNING = Duration.ofMinutes(1);

    private final Duration refresh;
    private final DoubleSupplier chance;
    private final Cache<K, Instant> due = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .executor(Runnable::run)
            .build();
    private final Cache<K, Integer> faults = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .executor(Runnable::run)
            .build();

    /**
     * @param refresh after what time a tag is resolved again
     * @param chance random numbers from 0 to 1
     */
    public ScanSchedule(Duration refresh, DoubleSupplier chance) {
        this.refresh = refresh;
        this.chance = chance;
    }

    /** What has to be scanned now. */
    public Need need(K report, ReconcileInput input, Instant now) {
        if (input.previous().isEmpty()) {
            return Need.IMAGE;
        }
        ImageReportStatus before = input.previous().get();
        boolean edited = !Objects.equals(before.observedGeneration(), input.generation());
        if (edited || !now.isBefore(dueAt(report, before, now))) {
            return Need.IMAGE;
        }
        if (!input.nodesKnown() || unknown(input.profiles(), before).isEmpty()) {
            return Need.NOTHING;
        }
        return before.digest() == null ? Need.IMAGE : Need.NEW_PLATFORMS;
    }

    /** The profiles that the status has no scanned verdict for. */
    public static Set<NodeProfile> unknown(Collection<NodeProfile> profiles, ImageReportStatus before) {
        Set<NodeProfile> unknown = new LinkedHashSet<>(profiles);
        unknown.removeIf(profile -> NodeVerdicts.find(before.checkedPlatforms(), profile)
                .filter(NodeVerdicts::scanned)
                .isPresent());
        return unknown;
    }

    /** A full scan has ended with this status. */
    public void scanned(K report, ImageReportStatus status, Instant now) {
        if (isFault(status)) {
            faults.asMap().merge(report, 1, Integer::sum);
        } else {
            faults.invalidate(report);
        }
        due.put(report, now.plus(spread(period(report, status), 0.8, 1.2)));
    }

    /** Makes a scan due now. */
    public void rescan(K report, Instant now) {
        due.put(report, now);
    }

    /** Forgets a report that is gone. */
    public void forget(K report) {
        due.invalidate(report);
        faults.invalidate(report);
    }

    /** When the image is scanned next. */
    public Instant dueAt(K report, ImageReportStatus status, Instant now) {
        return due.get(report, unseen -> now.plus(spread(period(report, status), 0, 1)));
    }

    private Duration period(K report, ImageReportStatus status) {
        if (!isFault(status)) {
            return refresh;
        }
        int before = Objects.requireNonNullElse(faults.getIfPresent(report), 1) - 1;
        Duration wait = AFTER_FAULT.multipliedBy(1L << Math.min(before, MAX_DOUBLINGS));
        return wait.compareTo(refresh) < 0 ? wait : refresh;
    }

    private static boolean isFault(ImageReportStatus status) {
        return ReportVerdict.UNRESOLVED.equals(status.verdict())
                || StatusFactory.find(status, StatusFactory.RESOLVED)
                        .map(condition -> !"True".equals(condition.status()))
                        .orElse(true);
    }

    private Duration spread(Duration period, double least, double most) {
        double factor = least + (most - least) * chance.getAsDouble();
        return Duration.ofMillis((long) (period.toMillis() * factor));
    }

    /**
     * The time until the report has to be reconciled again; at least a second.
     *
     * @param scanning whether a scan of it was submitted, whose end reconciles it sooner: looking every second whether the scan has ended
     *     would cost most when many scans wait
     */
    public static Duration until(Instant due, boolean scanning, Optional<Instant> expiry, Instant now) {
        Instant scan = scanning && due.isBefore(now.plus(WHILE_SCANNING)) ? now.plus(WHILE_SCANNING) : due;
        Instant next = expiry.filter(scan::isAfter).orElse(scan);
        Duration left = Duration.between(now, next);
        return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
    }
}
