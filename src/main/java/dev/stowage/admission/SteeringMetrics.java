package dev.stowage.admission;

import dev.stowage.steering.SteeringPlan;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Measures the reviews of pods that may be steered. */
public final class SteeringMetrics implements SteeringEvent.Observer {

    /** Durations of these reviews, by {@code result}: {@code stowage_steering_duration_seconds}. */
    public static final String DURATION = "stowage.steering.duration";

    private static final String UNNEEDED = SteeringPlan.Cause.UNNEEDED.label();

    private final MeterRegistry meters;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    /** Measures with these meters. */
    public SteeringMetrics(MeterRegistry meters) {
        this.meters = Objects.requireNonNull(meters, "meters");
    }

    @Override
    public void steered(SteeringEvent event) {
        boolean already = event.plan() instanceof SteeringPlan.Steered && !event.patched();
        timers.computeIfAbsent(already ? UNNEEDED : event.plan().label(), this::timer)
                .record(event.duration());
    }

    private Timer timer(String result) {
        return Timer.builder(DURATION)
                .description(
                        "Time from the arrival of a pod's AdmissionReview until its patch, or until it was left alone")
                .tag("result", result)
                .serviceLevelObjectives(AdmissionMetrics.BUCKETS)
                .register(meters);
    }
}
