package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.platform.Platform;
import dev.stowage.testing.MetricsTable;
import dev.stowage.testing.Reviews;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AdmissionObserversTest {

    private final Admissions admissions = new Admissions();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AdmissionMetrics metrics = new AdmissionMetrics(meters, List.of("Rollout"));
    private final NamespaceMetrics byNamespace = new NamespaceMetrics(meters, namespace -> true, Clock.systemUTC());
    private final List<String> lines = new ArrayList<>();
    private final DenialLog log = new DenialLog(lines::add);

    @BeforeEach
    void cluster() {
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");
        admissions.images.index("1", admissions.images.image(Platform.of("linux", "amd64")));
    }

    @Test
    @DisplayName("a denial is counted by kind, decision and reason, and is one line with named fields")
    void denial() {
        answer(Reviews.create(Reviews.deployment("main=r.example/app:1")).user("eve \"x\"\nforged"));
        admissions.policy = admissions.policy.withWorkloadOptOut(true);
        answer(Reviews.create(
                "{apiVersion: v1, kind: Pod, metadata: {name: web, annotations: {stowage.dev/mode: 'off'}},"
                        + " spec: {containers: [{name: main, image: 'r.example/app:1'}]}}"));
        assertThat(count("Deployment", "denied")).isEqualTo(1);
        assertThat(MetricsTable.of(meters))
                .isEqualTo(MetricsTable.documented("stowage_admission_", "stowage_admission_requests_in_flight"));
        assertThat(meters.get(AdmissionMetrics.DENIED_IMAGES).counters())
                .singleElement()
                .satisfies(counter -> assertThat(counter.count()).isEqualTo(1));
        assertThat(lines).singleElement().satisfies(line -> assertThat(line)
                .startsWith("denied kind=Deployment namespace=shop name=web user=\"eve \\\"x\\\"\\\\u000aforged\"")
                .contains("dryRun=false", "mode=enforce", "r.example/app:1", "linux/arm64")
                .doesNotContain("\n"));
    }

    @Test
    @DisplayName("what is admitted is counted, and no line")
    void admitted() {
        answer(Reviews.create(Reviews.pod("main=r.example/app:1") + "  nodeSelector: {kubernetes.io/arch: amd64}\n"));
        assertThat(count("Pod", "allowed")).isEqualTo(1);
        assertThat(lines).isEmpty();
    }

    @Test
    @DisplayName("kinds that tenants make up share one label")
    void boundedLabels() {
        for (int i = 0; i < 1000; i++) {
            metrics.answered(outcome("Kind" + i));
        }
        metrics.answered(outcome("Rollout"));
        assertThat(meters.get(AdmissionMetrics.REQUEST_DURATION).timers()).hasSize(2);
        assertThat(count("other", "ignored")).isEqualTo(1000);
        assertThat(count("Rollout", "ignored")).isEqualTo(1);
    }

    private void answer(Reviews review) {
        admissions.answer(review);
        metrics.answered(admissions.lastOutcome());
        byNamespace.answered(admissions.lastOutcome());
        log.answered(admissions.lastOutcome());
    }

    private long count(String kind, String decision) {
        return meters.get(AdmissionMetrics.REQUEST_DURATION)
                .tags("kind", kind, "decision", decision)
                .timer()
                .count();
    }

    private static AdmissionEvent outcome(String kind) {
        return new AdmissionEvent(
                Decision.IGNORED,
                kind,
                "shop",
                "web",
                "alice",
                false,
                Optional.empty(),
                List.of(),
                "",
                Duration.ofMillis(1));
    }
}
