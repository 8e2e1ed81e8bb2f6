package dev.stowage.admission;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.policy.Mode;
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
 * The meters of admission. No label value comes from a tenant: kinds that are not reviewed are
 * {@code other}.
 */
public final class AdmissionMetrics implements AdmissionObserver {

    /** Durations of reviews, by {@code kind} and {@code decision}: {@code stowage_admission_request_duration_seconds}. */
    public static final String REQUEST_DURATION = "stowage.admission.request.duration";

    /** Denied images, by {@code reason}: {@code stowage_admission_denied_images_total}. */
    public static final String DENIED_IMAGES = "stowage.admission.denied.images";

    /** Reviews of pods that opted out of their namespace's mode, by {@code mode}: {@code stowage_admission_opt_outs_total}. */
    public static final String OPT_OUTS = "stowage.admission.opt.outs";

    private static final Set<String> KINDS = Set.of(
            "Namespace",
            "Pod",
            "Deployment",
            "ReplicaSet",
            "StatefulSet",
            "DaemonSet",
            "Job",
            "CronJob",
            "ReplicationController");

    private static final String OTHER = "other";

    /** Around the targets for reviews from memory (0.5 and 3 ms), the round trips of a registry, and the deadline. */
    static final Duration[] BUCKETS = {
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
    private final Map<String, Counter> deniedImages = new ConcurrentHashMap<>();
    private final Map<Mode, Counter> optOuts = new ConcurrentHashMap<>();

    /** @param customKinds the configured custom kinds */
    public AdmissionMetrics(MeterRegistry meters, Collection<String> customKinds) {
        this.meters = Objects.requireNonNull(meters, "meters");
        Set<String> all = new HashSet<>(KINDS);
        all.addAll(customKinds);
        this.kinds = Set.copyOf(all);
    }

    @Override
    public void answered(AdmissionEvent event) {
        String kind = kinds.contains(event.kind()) ? event.kind() : OTHER;
        reviews.computeIfAbsent(new Labels(kind, event.decision()), this::timer).record(event.duration());
        event.optOut().ifPresent(this::countOptOut);
        if (event.decision() == Decision.DENIED) {
            event.policy().forEach(policyDecision -> policyDecision
                    .deniedImages()
                    .forEach(refusal ->
                            refusal.grounds().values().stream().findFirst().ifPresent(this::count)));
        }
    }

    private void count(Verdict verdict) {
        deniedImages
                .computeIfAbsent(verdict.reason().label(), reason -> Counter.builder(DENIED_IMAGES)
                        .description("Images that were denied at admission")
                        .tag("reason", reason)
                        .register(meters))
                .increment();
    }

    private void countOptOut(Mode mode) {
        optOuts.computeIfAbsent(mode, chosen -> Counter.builder(OPT_OUTS)
                        .description("Reviews of pods that opted out of the mode of their namespace")
                        .tag("mode", chosen.value())
                        .register(meters))
                .increment();
    }

    private Timer timer(Labels labels) {
        return Timer.builder(REQUEST_DURATION)
                .description("Time from the arrival of an AdmissionReview until its response")
                .tag("kind", labels.kind())
                .tag("decision", labels.decision().label())
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }
}
