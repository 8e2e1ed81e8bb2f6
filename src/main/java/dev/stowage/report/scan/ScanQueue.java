package dev.stowage.report.scan;

import dev.stowage.admission.KeyringSource;
import dev.stowage.async.Deadline;
import dev.stowage.async.FairQueue;
import dev.stowage.registry.Keyring;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ImageScan.Scope;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Scans images outside the reconciler: a few at a time, one scan a report, the others wait, and namespaces are served in turn. When a
 * scan ends, its report is reconciled again; the result is kept until the reconciler removes it.
 *
 * @param <K> identifies a report
 */
public final class ScanQueue<K> {

    private static final Logger LOG = System.getLogger(ScanQueue.class.getName());
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long GRACE_SECONDS = 5;

    /** As many reports as a large cluster has; what does not fit is submitted again by the next reconciliation. */
    private static final int MAX_WAITING = 200_000;

    private static final int MAX_WAITING_PER_NAMESPACE = 20_000;

    /** A scan that waits or runs. */
    private static final class Scan {
        private volatile CompletableFuture<ImageScan> result = new CompletableFuture<>();
        private volatile boolean running;
    }

    private final Assessor assessor;
    private final KeyringSource keyrings;
    private final Executor executor;
    private final Consumer<K> ended;
    private final FairQueue queue;
    private final Map<K, Scan> scans = new HashMap<>();
    private final Map<K, ImageScan> results = new HashMap<>();

    /**
     * @param executor starts scans
     * @param maxConcurrent how many run at a time, at most half of them for one namespace
     * @param ended is notified of each report whose scan has ended
     */
    public ScanQueue(
            Assessor assessor, KeyringSource keyrings, Executor executor, int maxConcurrent, Consumer<K> ended) {
        this.assessor = assessor;
        this.keyrings = keyrings;
        this.executor = executor;
        this.ended = ended;
        this.queue = new FairQueue(new FairQueue.Limits(
                maxConcurrent, Math.max(1, maxConcurrent / 2), MAX_WAITING, MAX_WAITING_PER_NAMESPACE));
    }

    /** Submits a scan, unless one of this report waits or runs. */
    public void submit(K report, ScanRequest request) {
        Scan scan = new Scan();
        synchronized (this) {
            if (scans.putIfAbsent(report, scan) != null) {
                return;
            }
        }
        CompletableFuture<ImageScan> result =
                queue.submit(request.credentialsOwner().namespace(), () -> start(scan, request));
        scan.result = result;
        cancelIfForgotten(report, scan);
        result.whenComplete((found, failure) -> end(report, scan, request, found, failure));
    }

    /** The result of the report's scan, once it has ended. */
    public synchronized Optional<ImageScan> result(K report) {
        return Optional.ofNullable(results.get(report));
    }

    /** Removes the result of the report's scan. */
    public synchronized void remove(K report) {
        results.remove(report);
    }

    /** Forgets a report that is gone: a scan that waits is removed, and the result of one that runs is dropped. */
    public void forget(K report) {
        Scan scan;
        synchronized (this) {
            results.remove(report);
            scan = scans.remove(report);
        }
        // one that runs keeps its place: reports that come and go must not start any number of scans
        if (scan != null && !scan.running) {
            scan.result.cancel(true);
        }
    }

    /** It may have been forgotten before its result was known. */
    private void cancelIfForgotten(K report, Scan scan) {
        boolean forgotten;
        synchronized (this) {
            forgotten = scans.get(report) != scan;
        }
        if (forgotten && !scan.running) {
            scan.result.cancel(true);
        }
    }

    /** How many scans wait or run. */
    public synchronized int depth() {
        return scans.size();
    }

    private CompletableFuture<ImageScan> start(Scan scan, ScanRequest request) {
        scan.running = true;
        return CompletableFuture.supplyAsync(() -> scan(request), executor).thenCompose(running -> running);
    }

    private CompletableFuture<ImageScan> scan(ScanRequest request) {
        Deadline deadline = Deadline.in(TIMEOUT);
        return keyrings.keyringOf(request.credentialsOwner(), deadline)
                .thenCompose(keyring -> scan(request, keyring, deadline))
                .orTimeout(TIMEOUT.toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
    }

    private CompletableFuture<ImageScan> scan(ScanRequest request, Keyring keyring, Deadline deadline) {
        if (request.known().isEmpty()) {
            return read(request, keyring, deadline);
        }
        return assessor.hasDigest(request.image(), request.known().get(), keyring, deadline)
                .thenCompose(unchanged -> unchanged
                        ? CompletableFuture.completedFuture(ImageScan.confirmed(request.image(), request.purpose()))
                        : read(request, keyring, deadline));
    }

    private CompletableFuture<ImageScan> read(ScanRequest request, Keyring keyring, Deadline deadline) {
        return assessor.assess(
                        request.image(),
                        request.purpose(),
                        request.profiles(),
                        request.verification(),
                        keyring,
                        deadline)
                .thenApply(found ->
                        new ImageScan(found, request.partial() ? Scope.NEW_PLATFORMS : Scope.FULL, request.purpose()));
    }

    private static ImageScan failed(ScanRequest request) {
        return ImageScan.undetermined(
                request.image(),
                request.profiles(),
                Reason.UNAVAILABLE,
                "internal error, please report it; details are in Stowage's log");
    }

    private void end(K report, Scan scan, ScanRequest request, ImageScan found, Throwable failure) {
        boolean rejected = failure instanceof RejectedExecutionException;
        synchronized (this) {
            if (!scans.remove(report, scan)) {
                // it was forgotten
                return;
            }
            if (!rejected) {
                results.put(report, failure == null ? found : failed(request));
            }
        }
        if (rejected) {
            // the operator is being closed, or a later reconciliation submits it again
            return;
        }
        if (failure != null) {
            LOG.log(Level.ERROR, "internal error while checking " + request.image(), failure);
        }
        ended.accept(report);
    }
}
