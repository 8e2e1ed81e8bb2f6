package dev.stowage.report.scan;

import dev.stowage.admission.KeyringSource;
import dev.stowage.async.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ImageScan.Scope;
import dev.stowage.report.status.NodeVerdicts;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.SeededAssessor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Scans images outside the reconciler: a few at a time, one scan a report, the others wait. When a scan ends, its report is reconciled
 * again; the result is kept until the reconciler removes it.
 *
 * @param <K> identifies a report
 */
public final class ScanQueue<K> {

    private static final Logger LOG = System.getLogger(ScanQueue.class.getName());
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long GRACE_SECONDS = 5;

    private final Assessor assessor;
    private final KeyringSource keyrings;
    private final Executor executor;
    private final int maxConcurrent;
    private final Consumer<K> ended;
    private final Map<K, ScanRequest> waiting = new LinkedHashMap<>();
    private final Set<K> running = new HashSet<>();
    private final Set<K> cancelled = new HashSet<>();
    private final Map<K, ImageScan> results = new HashMap<>();

    /**
     * @param executor starts scans
     * @param maxConcurrent how many run at a time
     * @param ended is notified of each report whose scan has ended
     */
    public ScanQueue(
            Assessor assessor, KeyringSource keyrings, Executor executor, int maxConcurrent, Consumer<K> ended) {
        this.assessor = assessor;
        this.keyrings = keyrings;
        this.executor = executor;
        this.maxConcurrent = maxConcurrent;
        this.ended = ended;
    }

    /** Submits a scan, unless one of this report waits or runs. */
    public synchronized void submit(K report, ScanRequest request) {
        if (!running.contains(report)) {
            waiting.putIfAbsent(report, request);
            startNext();
        }
    }

    /** The result of the report's scan, once it has ended. */
    public synchronized Optional<ImageScan> result(K report) {
        return Optional.ofNullable(results.get(report));
    }

    /** Removes the result of the report's scan. */
    public synchronized void remove(K report) {
        results.remove(report);
    }

    /** Forgets a report that is gone: the result of a scan that runs is dropped. */
    public synchronized void forget(K report) {
        waiting.remove(report);
        results.remove(report);
        if (running.contains(report)) {
            cancelled.add(report);
        }
    }

    /** How many scans wait or run. */
    public synchronized int depth() {
        return waiting.size() + running.size();
    }

    private void startNext() {
        while (running.size() < maxConcurrent && !waiting.isEmpty()) {
            Map.Entry<K, ScanRequest> next = waiting.entrySet().iterator().next();
            waiting.remove(next.getKey());
            try {
                executor.execute(() -> scan(next.getKey(), next.getValue()));
                running.add(next.getKey());
            } catch (RejectedExecutionException e) {
                // the operator is being closed
                waiting.clear();
            }
        }
    }

    private void scan(K report, ScanRequest request) {
        CompletableFuture<ImageScan> scan;
        try {
            Deadline deadline = Deadline.in(TIMEOUT);
            scan = keyrings.keyringOf(request.credentialsOwner(), deadline)
                    .thenCompose(keyring -> scan(request, keyring, deadline))
                    .orTimeout(TIMEOUT.toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (RuntimeException e) {
            scan = CompletableFuture.failedFuture(e);
        }
        scan.whenComplete((found, failure) -> {
            if (failure != null) {
                LOG.log(Level.ERROR, "internal error while checking " + request.image(), failure);
            }
            end(report, failure == null ? found : failed(request));
        });
    }

    private CompletableFuture<ImageScan> scan(ScanRequest request, Keyring keyring, Deadline deadline) {
        if (request.known().isEmpty()) {
            return assess(assessor, request, keyring, deadline).thenApply(found -> assessed(request, found));
        }
        return assess(assessor.inNamespace(request.credentialsOwner().namespace()), request, keyring, deadline)
                .thenCompose(found -> {
                    if (!SeededAssessor.isSeeded(found)) {
                        return CompletableFuture.completedFuture(assessed(request, found));
                    }
                    return NodeVerdicts.agree(found, request.known().get())
                            ? CompletableFuture.completedFuture(ImageScan.confirmed(request.image(), request.purpose()))
                            : assess(assessor, request, keyring, deadline).thenApply(read -> assessed(request, read));
                });
    }

    private static CompletableFuture<ImageAssessment> assess(
            Assessor by, ScanRequest request, Keyring keyring, Deadline deadline) {
        return by.assess(
                request.image(), request.purpose(), request.profiles(), request.verification(), keyring, deadline);
    }

    private static ImageScan assessed(ScanRequest request, ImageAssessment found) {
        return new ImageScan(found, request.partial() ? Scope.NEW_PLATFORMS : Scope.FULL, request.purpose());
    }

    private static ImageScan failed(ScanRequest request) {
        return ImageScan.undetermined(
                request.image(),
                request.profiles(),
                Reason.UNAVAILABLE,
                "internal error, please report it; details are in Stowage's log");
    }

    private void end(K report, ImageScan scan) {
        synchronized (this) {
            running.remove(report);
            if (!cancelled.remove(report)) {
                results.put(report, scan);
            }
            startNext();
        }
        ended.accept(report);
    }
}
