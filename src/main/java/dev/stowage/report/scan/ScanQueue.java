package dev.stowage.report.scan;

import dev.stowage.admission.KeyringSource;
import dev.stowage.async.Deadline;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Keyring;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ImageScan.Scope;
import dev.stowage.report.status.NodeVerdicts;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.SeededAssessor;
import dev.stowage.workload.Workload;
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
 * Looks at images while the reconciler continues: a few at a time, each report's once, the others wait their turn. Who asked is told
 * when a scan has ended and comes back for it; what was seen stays there until it has been written down.
 *
 * @param <K> identifies a report
 */
public final class ScanQueue<K> {

    /**
     * What is asked about an image.
     *
     * @param image the reference
     * @param purpose what it is for
     * @param profiles for which profiles
     * @param verification how much is checked
     * @param partial whether only new platforms are asked about
     * @param known the status to be confirmed, if a known digest is enough; empty if the image must be read
     * @param reader whose credentials it is read with
     */
    public record ScanRequest(
            String image,
            Assessor.Purpose purpose,
            Set<NodeProfile> profiles,
            Assessor.Verification verification,
            boolean partial,
            Optional<ImageReportStatus> known,
            Workload reader) {}

    private static final Logger LOG = System.getLogger(ScanQueue.class.getName());
    private static final Duration TIME = Duration.ofSeconds(60);
    private static final long GRACE_SECONDS = 5;

    private final Assessor assessor;
    private final KeyringSource keyrings;
    private final Executor executor;
    private final int atOnce;
    private final Consumer<K> ended;
    private final Map<K, ScanRequest> waiting = new LinkedHashMap<>();
    private final Set<K> underWay = new HashSet<>();
    private final Set<K> unwanted = new HashSet<>();
    private final Map<K, ImageScan> done = new HashMap<>();

    /**
     * @param executor starts scans
     * @param atOnce how many at a time
     * @param ended is notified of each report whose scan has ended
     */
    public ScanQueue(Assessor assessor, KeyringSource keyrings, Executor executor, int atOnce, Consumer<K> ended) {
        this.assessor = assessor;
        this.keyrings = keyrings;
        this.executor = executor;
        this.atOnce = atOnce;
        this.ended = ended;
    }

    /** Asks for a scan, unless one is waiting or in progress. */
    public synchronized void begin(K report, ScanRequest request) {
        if (!underWay.contains(report)) {
            waiting.putIfAbsent(report, request);
            startNext();
        }
    }

    /** The scan that has ended and is not yet written down. */
    public synchronized Optional<ImageScan> ended(K report) {
        return Optional.ofNullable(done.get(report));
    }

    /** What the scan that has ended was good for is done. */
    public synchronized void writtenDown(K report) {
        done.remove(report);
    }

    /** Nobody will come back for what is waiting, in progress or has ended. */
    public synchronized void forget(K report) {
        waiting.remove(report);
        done.remove(report);
        if (underWay.contains(report)) {
            unwanted.add(report);
        }
    }

    /** How many wait or are in progress. */
    public synchronized int depth() {
        return waiting.size() + underWay.size();
    }

    private void startNext() {
        while (underWay.size() < atOnce && !waiting.isEmpty()) {
            Map.Entry<K, ScanRequest> next = waiting.entrySet().iterator().next();
            waiting.remove(next.getKey());
            try {
                executor.execute(() -> look(next.getKey(), next.getValue()));
                underWay.add(next.getKey());
            } catch (RejectedExecutionException e) {
                // stopping: nobody will come back for it
                waiting.clear();
            }
        }
    }

    private void look(K report, ScanRequest request) {
        CompletableFuture<ImageScan> look;
        try {
            Deadline deadline = Deadline.in(TIME);
            look = keyrings.keyringOf(request.reader(), deadline)
                    .thenCompose(keyring -> look(request, keyring, deadline))
                    .orTimeout(TIME.toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (RuntimeException e) {
            look = CompletableFuture.failedFuture(e);
        }
        look.whenComplete((found, failure) -> {
            if (failure != null) {
                LOG.log(Level.ERROR, "internal error while checking " + request.image(), failure);
            }
            end(report, failure == null ? found : failed(request));
        });
    }

    private CompletableFuture<ImageScan> look(ScanRequest request, Keyring keyring, Deadline deadline) {
        if (request.known().isEmpty()) {
            return assess(assessor, request, keyring, deadline).thenApply(found -> whole(request, found));
        }
        return assess(assessor.inNamespace(request.reader().namespace()), request, keyring, deadline)
                .thenCompose(found -> {
                    if (!SeededAssessor.isSeeded(found)) {
                        return CompletableFuture.completedFuture(whole(request, found));
                    }
                    return NodeVerdicts.agree(found, request.known().get())
                            ? CompletableFuture.completedFuture(ImageScan.confirmed(request.image(), request.purpose()))
                            : assess(assessor, request, keyring, deadline).thenApply(read -> whole(request, read));
                });
    }

    private static CompletableFuture<ImageAssessment> assess(
            Assessor by, ScanRequest request, Keyring keyring, Deadline deadline) {
        return by.assess(
                request.image(), request.purpose(), request.profiles(), request.verification(), keyring, deadline);
    }

    private static ImageScan whole(ScanRequest request, ImageAssessment found) {
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
            underWay.remove(report);
            if (!unwanted.remove(report)) {
                done.put(report, scan);
            }
            startNext();
        }
        ended.accept(report);
    }
}
