package dev.stowage.report;

import dev.stowage.admission.KeyringSource;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.report.Look.Scope;
import dev.stowage.verdict.Assessment;
import dev.stowage.verdict.Assessor;
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
final class Looks<K> {

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
    record Question(
            String image,
            Assessor.Purpose purpose,
            Set<NodeProfile> profiles,
            Assessor.Verification verification,
            boolean partial,
            Optional<ImageReportStatus> known,
            Workload reader) {}

    private static final Logger LOG = System.getLogger(Looks.class.getName());
    private static final Duration TIME = Duration.ofSeconds(60);
    private static final long GRACE_SECONDS = 5;

    private final Assessor assessor;
    private final KeyringSource keyrings;
    private final Executor executor;
    private final int atOnce;
    private final Consumer<K> ended;
    private final Map<K, Question> waiting = new LinkedHashMap<>();
    private final Set<K> underWay = new HashSet<>();
    private final Set<K> unwanted = new HashSet<>();
    private final Map<K, Look> done = new HashMap<>();

    /**
     * @param executor starts scans
     * @param atOnce how many at a time
     * @param ended is notified of each report whose scan has ended
     */
    Looks(Assessor assessor, KeyringSource keyrings, Executor executor, int atOnce, Consumer<K> ended) {
        this.assessor = assessor;
        this.keyrings = keyrings;
        this.executor = executor;
        this.atOnce = atOnce;
        this.ended = ended;
    }

    /** Asks for a scan, unless one is waiting or in progress. */
    synchronized void begin(K report, Question question) {
        if (!underWay.contains(report)) {
            waiting.putIfAbsent(report, question);
            startNext();
        }
    }

    /** The scan that has ended and is not yet written down. */
    synchronized Optional<Look> ended(K report) {
        return Optional.ofNullable(done.get(report));
    }

    /** What the scan that has ended was good for is done. */
    synchronized void writtenDown(K report) {
        done.remove(report);
    }

    /** Nobody will come back for what is waiting, in progress or has ended. */
    synchronized void forget(K report) {
        waiting.remove(report);
        done.remove(report);
        if (underWay.contains(report)) {
            unwanted.add(report);
        }
    }

    /** How many wait or are in progress. */
    synchronized int depth() {
        return waiting.size() + underWay.size();
    }

    private void startNext() {
        while (underWay.size() < atOnce && !waiting.isEmpty()) {
            Map.Entry<K, Question> next = waiting.entrySet().iterator().next();
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

    private void look(K report, Question question) {
        CompletableFuture<Look> look;
        try {
            Deadline deadline = Deadline.in(TIME);
            look = keyrings.keyringOf(question.reader(), deadline)
                    .thenCompose(keyring -> look(question, keyring, deadline))
                    .orTimeout(TIME.toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (RuntimeException e) {
            look = CompletableFuture.failedFuture(e);
        }
        look.whenComplete((found, failure) -> {
            if (failure != null) {
                LOG.log(Level.ERROR, "internal error while checking " + question.image(), failure);
            }
            end(report, failure == null ? found : failed(question));
        });
    }

    private CompletableFuture<Look> look(Question question, Keyring keyring, Deadline deadline) {
        if (question.known().isEmpty()) {
            return assess(assessor, question, keyring, deadline).thenApply(found -> whole(question, found));
        }
        return assess(assessor.inNamespace(question.reader().namespace()), question, keyring, deadline)
                .thenCompose(found -> {
                    if (!SeededAssessor.isSeeded(found)) {
                        return CompletableFuture.completedFuture(whole(question, found));
                    }
                    return Findings.agree(found, question.known().get())
                            ? CompletableFuture.completedFuture(Look.confirmed(question.image(), question.purpose()))
                            : assess(assessor, question, keyring, deadline).thenApply(read -> whole(question, read));
                });
    }

    private static CompletableFuture<Assessment> assess(
            Assessor by, Question question, Keyring keyring, Deadline deadline) {
        return by.assess(
                question.image(), question.purpose(), question.profiles(), question.verification(), keyring, deadline);
    }

    private static Look whole(Question question, Assessment found) {
        return new Look(found, question.partial() ? Scope.NEW_PLATFORMS : Scope.FULL, question.purpose());
    }

    private static Look failed(Question question) {
        return Look.undetermined(
                question.image(),
                question.profiles(),
                Reason.UNAVAILABLE,
                "internal error, please report it; details are in Stowage's log");
    }

    private void end(K report, Look look) {
        synchronized (this) {
            underWay.remove(report);
            if (!unwanted.remove(report)) {
                done.put(report, look);
            }
            startNext();
        }
        ended.accept(report);
    }
}
