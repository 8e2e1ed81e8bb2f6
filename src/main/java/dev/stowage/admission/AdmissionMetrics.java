package dev.stowage.admission;

import dev.stowage.admission.AdmissionOutcome.Decision;
import dev.stowage.verdict.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of admission. No label holds anything that a tenant chooses: kinds are those that are judged, everything else is
 * {@code other}.
 */
public final class AdmissionMetrics implements AdmissionObserver {

    /** How long answers took, by {@code kind} and {@code decision}: {@code stowage_admission_review_seconds}. */
    public static final String REVIEW = "stowage.admission.review";

    /** Images that were refused, by {@code reason}: {@code stowage_admission_refused_images_total}. */
    public static final String REFUSED_IMAGES = "stowage.admission.refused.images";

    private static final Set<String> KINDS = Set.of(
            "Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController");

    private static final String OTHER = "other";

    /** Around what is promised for answers from memory (0.5 and 3 ms), for a registry's round trips, and for the deadline. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(3),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private record Labels(String kind, Decision decision) {}

    private final MeterRegistry meters;
    private final Set<String> kinds;
    private final Map<Labels, Timer> reviews = new ConcurrentHashMap<>();
    private final Map<String, Counter> refusedImages = new ConcurrentHashMap<>();

    /** @param customKinds the configured kinds beyond Kubernetes' own */
    public AdmissionMetrics(MeterRegistry meters, Collection<String> customKinds) {
        this.meters = Objects.requireNonNull(meters, "meters");
        Set<String> all = new HashSet<>(KINDS);
        all.addAll(customKinds);
        this.kinds = Set.copyOf(all);
    }

    @Override
    public void answered(AdmissionOutcome outcome) {
        String kind = kinds.contains(outcome.kind()) ? outcome.kind() : OTHER;
        reviews.computeIfAbsent(new Labels(kind, outcome.decision()), this::timer)
                .record(outcome.took());
        if (outcome.decision() == Decision.DENIED) {
            outcome.ruling().ifPresent(ruling -> ruling.refusals()
                    .forEach(refusal ->
                            refusal.grounds().values().stream().findFirst().ifPresent(this::count)));
        }
    }

    private void count(Verdict verdict) {
        refusedImages
                .computeIfAbsent(verdict.reason().label(), reason -> Counter.builder(REFUSED_IMAGES)
                        .description("Images that were refused at admission")
                        .tag("reason", reason)
                        .register(meters))
                .increment();
    }

    private Timer timer(Labels labels) {
        return Timer.builder(REVIEW)
                .description("Time from the arrival of an AdmissionReview until its answer")
                .tag("kind", labels.kind())
                .tag("decision", labels.decision().label())
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }
}
