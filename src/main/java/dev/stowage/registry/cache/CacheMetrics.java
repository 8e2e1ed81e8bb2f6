package dev.stowage.registry.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts requests to the cache by {@code type} and {@code result}: {@code stowage_cache_requests_total}. */
public final class CacheMetrics implements CacheObserver {

    /** The name of the meter. */
    public static final String REQUESTS = "stowage.cache.requests";

    private final Map<Thing, Map<Outcome, Counter>> counters = new EnumMap<>(Thing.class);

    /** Meters in this registry of meters; all series are there from the start. */
    public CacheMetrics(MeterRegistry meters) {
        for (Thing thing : Thing.values()) {
            Map<Outcome, Counter> byOutcome = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                byOutcome.put(
                        outcome,
                        Counter.builder(REQUESTS)
                                .description("Requests to the registry cache, by result")
                                .tag("type", thing.label())
                                .tag("result", outcome.label())
                                .register(meters));
            }
            counters.put(thing, byOutcome);
        }
    }

    @Override
    public void met(Thing thing, Outcome outcome) {
        counters.get(thing).get(outcome).increment();
    }
}
