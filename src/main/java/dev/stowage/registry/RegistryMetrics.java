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
 * The meters of registry requests. Hosts are named by whoever writes an image's reference, so a host gets a label of its own only
 * once it has answered well, and only so many do.
 */
public final class RegistryMetrics implements RegistryObserver {

    /** How long requests took, by {@code registry}, {@code ask} and {@code outcome}: {@code stowage_registry_request_seconds}. */
    public static final String REQUEST = "stowage.registry.request";

    /** What a registry's rate limit leaves, where it says so, by {@code registry}. */
    public static final String REMAINING = "stowage.registry.rate.limit.remaining";

    private static final int HOSTS = 50;
    private static final String SUCCESS = "Found";

    private record Labels(String host, Ask ask, String outcome) {}

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
        boolean answeredWell = request.failure().isEmpty() && request.ask() != Ask.TOKEN;
        String host = answeredWell ? hosts.admit(request.host()) : hosts.known(request.host());
        String outcome = request.failure().map(RegistryFailure.Kind::label).orElse(SUCCESS);
        timers.computeIfAbsent(new Labels(host, request.ask(), outcome), this::timer)
                .record(request.duration());
        if (request.remaining().isPresent() && !host.equals(BoundedTag.OTHER)) {
            remaining.computeIfAbsent(host, this::gauge).set(request.remaining().getAsLong());
        }
    }

    private Timer timer(Labels labels) {
        return Timer.builder(REQUEST)
                .description("Time from sending a request to a registry until its answer, or its failure")
                .tag("registry", labels.host())
                .tag("ask", labels.ask().name().toLowerCase(Locale.ROOT))
                .tag("outcome", labels.outcome())
                .register(meters);
    }

    private AtomicLong gauge(String host) {
        AtomicLong value = new AtomicLong();
        Gauge.builder(REMAINING, value, AtomicLong::get)
                .description("Requests that the registry's rate limit still allows, as it last said")
                .tag("registry", host)
                .register(meters);
        return value;
    }
}
