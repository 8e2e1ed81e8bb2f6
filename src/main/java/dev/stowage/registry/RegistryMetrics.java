package dev.stowage.registry;

import dev.stowage.metrics.BoundedTag;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The meters of registry requests. Anyone who writes an image reference chooses a host, so a host gets a label of its own only
 * after a successful response, and only a bounded number do.
 */
public final class RegistryMetrics implements RegistryObserver {

    /**
     * Durations of requests, by {@code registry}, {@code operation} and {@code outcome}: {@code
     * stowage_registry_request_duration_seconds}.
     */
    public static final String REQUEST_DURATION = "stowage.registry.request.duration";

    /** The requests that a registry reports as left in its rate limit, by {@code registry}. */
    public static final String REMAINING = "stowage.registry.rate.limit.remaining";

    private static final int HOSTS = 50;
    private static final String SUCCESS = "Success";

    private record Labels(String host, Operation operation, String outcome) {}

    private final MeterRegistry meters;
    private final BoundedTag hosts = new BoundedTag(HOSTS);
    private final Map<Labels, Timer> timers = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> remaining = new ConcurrentHashMap<>();

    /** Meters in this registry of meters. */
    public RegistryMetrics(MeterRegistry meters) {
        this.meters = Objects.requireNonNull(meters, "meters");
    }

    @Override
    public void finished(Request request) {
        boolean answeredWell = request.failure().isEmpty() && request.operation() != Operation.TOKEN;
        String host = answeredWell ? hosts.admit(request.host()) : hosts.known(request.host());
        String outcome = request.failure().map(RegistryFailure.Kind::label).orElse(SUCCESS);
        timers.computeIfAbsent(new Labels(host, request.operation(), outcome), this::timer)
                .record(request.duration());
        if (request.remaining().isPresent() && !host.equals(BoundedTag.OTHER)) {
            remaining.computeIfAbsent(host, this::gauge).set(request.remaining().getAsLong());
        }
    }

    private Timer timer(Labels labels) {
        return Timer.builder(REQUEST_DURATION)
                .description("Time from sending a request to a registry until its response or failure")
                .tag("registry", labels.host())
                .tag("operation", labels.operation().name().toLowerCase(Locale.ROOT))
                .tag("outcome", labels.outcome())
                .register(meters);
    }

    private AtomicLong gauge(String host) {
        AtomicLong value = new AtomicLong();
        Gauge.builder(REMAINING, value, AtomicLong::get)
                .description("Requests that the rate limit of the registry still allows, as it last reported")
                .tag("registry", host)
                .register(meters);
        return value;
    }
}
