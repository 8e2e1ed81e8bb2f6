package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionHandler;
import dev.stowage.testing.Await;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    @DisplayName(
            "its reviews are of pods and workloads, allowed and denied, and go over the registry client: TLS, tokens, plain HTTP")
    void meetsEverything() throws Exception {
        WarmUpRegistry registry = new WarmUpRegistry(vertx);
        await(registry.listen());
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (KubernetesClient unused = new KubernetesClientBuilder().build();
                AdmissionComponents components = WarmUp.components(registry.settings(), unused, false, meters)) {
            outcomes(components.handler(), registry.addresses());
            Await.await("children and configs are read in the background", () -> meters.scrape()
                    .contains("operation=\"blob\""));
        }
        assertThat(meters.scrape()).contains("operation=\"token\"", "operation=\"manifest\"");
    }

    private static void outcomes(AdmissionHandler handler, List<String> registries) throws Exception {
        Set<String> outcomes = new HashSet<>();
        for (int number = 0; number < WarmUp.LEAST; number++) {
            String review = WarmUp.review(number, registries, "stowage");
            String answer = new String(
                    handler.handle(review.getBytes(StandardCharsets.UTF_8))
                            .get(20, TimeUnit.SECONDS)
                            .body(),
                    StandardCharsets.UTF_8);
            outcomes.add((review.contains("\"kind\":\"Pod\"") ? "Pod" : "Deployment")
                    + (answer.contains("\"allowed\":true") ? " allowed" : " denied"));
            assertThat(answer).doesNotContain("warnings");
        }
        assertThat(outcomes)
                .containsExactlyInAnyOrder("Pod allowed", "Pod denied", "Deployment allowed", "Deployment denied");
    }

    private static void await(Future<Void> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
