package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.metrics.BoundedTag;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NamespaceMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Set<String> deleted = new HashSet<>();
    private final NamespaceMetrics metrics =
            new NamespaceMetrics(meters, namespace -> !deleted.contains(namespace), Clock.systemUTC());

    @Test
    @DisplayName("reviews are counted by namespace and decision; those without a namespace are in other")
    void counted() {
        review("shop", Decision.DENIED);
        review("shop", Decision.DENIED);
        review("shop", Decision.ALLOWED);
        review("", Decision.INVALID);

        assertThat(count("shop", Decision.DENIED)).isEqualTo(2);
        assertThat(count("shop", Decision.ALLOWED)).isEqualTo(1);
        assertThat(count(BoundedTag.OTHER, Decision.INVALID)).isEqualTo(1);
    }

    @Test
    @DisplayName("500 namespaces and one series for the rest, whatever a tenant creates, and no review is lost")
    void bounded() {
        for (int i = 0; i < 20_000; i++) {
            review("team-" + i, Decision.ALLOWED);
        }

        assertThat(namespaces()).hasSize(NamespaceMetrics.NAMESPACES + 1).contains("team-0", "team-499", "other");
        assertThat(count(BoundedTag.OTHER, Decision.ALLOWED)).isEqualTo(19_500);
    }

    @Test
    @DisplayName("a deleted namespace frees its place, and its series are gone")
    void deleted() {
        for (int i = 0; i < NamespaceMetrics.NAMESPACES; i++) {
            review("team-" + i, Decision.ALLOWED);
            review("team-" + i, Decision.DENIED);
        }
        deleted.add("team-7");
        review("new", Decision.ALLOWED);

        assertThat(namespaces())
                .hasSize(NamespaceMetrics.NAMESPACES)
                .contains("new")
                .doesNotContain("team-7", "other");
    }

    private void review(String namespace, Decision decision) {
        metrics.answered(new AdmissionEvent(
                decision,
                "Pod",
                namespace,
                "web",
                "alice",
                false,
                Optional.empty(),
                List.of(),
                "",
                Duration.ofMillis(1)));
    }

    private double count(String namespace, Decision decision) {
        return meters.get(NamespaceMetrics.REVIEWS)
                .tags("resource_namespace", namespace, "decision", decision.label())
                .counter()
                .count();
    }

    private Set<String> namespaces() {
        return meters.get(NamespaceMetrics.REVIEWS).counters().stream()
                .map(Counter::getId)
                .map(id -> id.getTag("resource_namespace"))
                .collect(Collectors.toSet());
    }
}
