package dev.stowage.registry.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts requests to the cache by {@code type} and {@code result}: {@code stowage_cache_requests_total}. */
public final class CacheMetrics implements CacheObserver {

    /** The name of the meter. */
    public static final String REQUESTS = "stowage.cache.requests";

    private final Map<ResourceType, Map<Outcome, Counter>> counters = new EnumMap<>(ResourceType.class);

    /** Meters in this registry of meters; all series are there from the start. */
    public CacheMetrics(MeterRegistry meters) {
        for (ResourceType type : ResourceType.values()) {
            Map<Outcome, Counter> byOutcome = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                byOutcome.put(
                        outcome,
                        Counter.builder(REQUESTS)
                                .description("Requests to the registry cache, by result")
                                .tag("type", type.label())
                                .tag("result", outcome.label())
                                .register(meters));
            }
            counters.put(type, byOutcome);
        }
    }

    @Override
    public void recordLookup(ResourceType type, Outcome outcome) {
        counters.get(type).get(outcome).increment();
    }
}
