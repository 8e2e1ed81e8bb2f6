package dev.stowage.registry.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts how questions were met: {@code stowage_cache_questions_total} by {@code thing} and {@code outcome}. */
public final class CacheMetrics implements CacheObserver {

    /** The name of the meter. */
    public static final String QUESTIONS = "stowage.cache.questions";

    private final Map<Thing, Map<Outcome, Counter>> counters = new EnumMap<>(Thing.class);

    /** Meters in this registry of meters; all series are there from the start. */
    public CacheMetrics(MeterRegistry meters) {
        for (Thing thing : Thing.values()) {
            Map<Outcome, Counter> byOutcome = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                byOutcome.put(
                        outcome,
                        Counter.builder(QUESTIONS)
                                .description("Questions to the cache of registries, by how they were met")
                                .tag("thing", thing.label())
                                .tag("outcome", outcome.label())
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
