package dev.stowage.admission;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.metrics.WeightedTag;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** Counts reviews by namespace, for the {@value #NAMESPACES} namespaces that have the most of them; the rest are {@code other}. */
public final class NamespaceMetrics implements AdmissionObserver {

    /** Reviews, by {@code resource_namespace} and {@code decision}: {@code stowage_admission_namespace_reviews_total}. */
    public static final String REVIEWS = "stowage.admission.namespace.reviews";

    /** The most namespaces with a label value of their own. */
    public static final int NAMESPACES = 500;

    private final MeterRegistry meters;
    private final WeightedTag namespaces;
    private final Map<String, Map<Decision, Counter>> counters = new HashMap<>();

    /** @param exists whether there is a namespace of this name; from memory */
    public NamespaceMetrics(MeterRegistry meters, Predicate<String> exists, Clock clock) {
        this.meters = Objects.requireNonNull(meters, "meters");
        this.namespaces = new WeightedTag(NAMESPACES, exists, this::remove, clock);
    }

    /** One at a time, because a namespace may lose its meters to another. */
    @Override
    public synchronized void answered(AdmissionEvent event) {
        String namespace = namespaces.admit(event.namespace());
        counters.computeIfAbsent(namespace, name -> new EnumMap<>(Decision.class))
                .computeIfAbsent(event.decision(), decision -> counter(namespace, decision))
                .increment();
    }

    private void remove(String namespace) {
        Map<Decision, Counter> removed = counters.remove(namespace);
        if (removed != null) {
            removed.values().forEach(meters::remove);
        }
    }

    private Counter counter(String namespace, Decision decision) {
        return Counter.builder(REVIEWS)
                .description("AdmissionReviews by the namespace of their object")
                // Prometheus gives the label "namespace" to the pod's own
                .tag("resource_namespace", namespace)
                .tag("decision", decision.label())
                .register(meters);
    }
}
