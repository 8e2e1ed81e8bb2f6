package dev.stowage.metrics;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryMetrics;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.cache.CacheMetrics;
import dev.stowage.testing.MetricsTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dashboards and alerts of users depend on these names: a change here is a change for them. */
class MetricNamesTest {

    private static final Map<String, Set<String>> STABLE = Map.ofEntries(
            entry("stowage_admission_request_duration_seconds", Set.of("kind", "decision")),
            entry("stowage_admission_opt_outs_total", Set.of("mode")),
            entry("stowage_admission_denied_images_total", Set.of("reason")),
            entry("stowage_admission_requests_in_flight", Set.of()),
            entry("stowage_admission_namespace_reviews_total", Set.of("resource_namespace", "decision")),
            entry("stowage_steering_duration_seconds", Set.of("result")),
            entry("stowage_registry_request_duration_seconds", Set.of("registry", "operation", "outcome")),
            entry("stowage_registry_rate_limit_remaining", Set.of("registry")),
            entry("stowage_cache_requests_total", Set.of("type", "result")),
            entry("stowage_reports", Set.of("verdict")),
            entry("stowage_report_writes_total", Set.of("operation", "outcome")),
            entry("stowage_report_queue_length", Set.of("queue")),
            entry("stowage_report_dropped_denials_total", Set.of()),
            entry("stowage_report_omitted_images", Set.of()),
            entry("stowage_report_leader", Set.of()),
            entry("stowage_tls_certificate_expiry_timestamp_seconds", Set.of()),
            entry("stowage_tls_renewals_total", Set.of("type")),
            entry("stowage_tls_secret_repairs_total", Set.of()),
            entry("stowage_tls_ca_bundle_repairs_total", Set.of()),
            entry("stowage_tls_path_repairs_total", Set.of()));

    @Test
    @DisplayName("docs/operations.md lists exactly these metrics and labels")
    void documented() {
        assertThat(MetricsTable.documented()).isEqualTo(STABLE);
    }

    @Test
    @DisplayName("the dashboard uses no other metrics")
    void dashboard() throws IOException {
        Set<String> known = STABLE.keySet();

        assertThat(Pattern.compile("stowage_\\w+")
                        .matcher(Files.readString(Path.of("helm/stowage/dashboards/stowage.json")))
                        .results()
                        .map(MatchResult::group)
                        .map(name -> known.contains(name) ? name : name.replaceFirst("_(bucket|count|sum)$", "")))
                .isNotEmpty()
                .isSubsetOf(known);
    }

    @Test
    @DisplayName("registry requests are measured as documented")
    void registry() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        new RegistryMetrics(meters)
                .finished(new RegistryObserver.Request(
                        "registry.example",
                        RegistryObserver.Operation.MANIFEST,
                        Optional.<RegistryFailure.Kind>empty(),
                        Duration.ofMillis(1),
                        OptionalLong.of(7)));

        assertThat(MetricsTable.of(meters)).isEqualTo(MetricsTable.documented("stowage_registry_", ""));
    }

    @Test
    @DisplayName("cache requests are counted as documented")
    void cache() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        new CacheMetrics(meters);

        assertThat(MetricsTable.of(meters)).isEqualTo(MetricsTable.documented("stowage_cache_", ""));
    }
}
