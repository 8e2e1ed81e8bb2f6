package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.KeyringSource;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.client.HttpRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
        Set<RegistryObserver.Operation> operations = ConcurrentHashMap.newKeySet();
        try (HttpRegistry client =
                new HttpRegistry(registry.settings(), request -> operations.add(request.operation()))) {
            outcomes(WarmUp.handler(client, KeyringSource.ANONYMOUS, new SimpleMeterRegistry()), registry.addresses());
        }
        assertThat(operations)
                .contains(
                        RegistryObserver.Operation.TOKEN,
                        RegistryObserver.Operation.MANIFEST,
                        RegistryObserver.Operation.BLOB);
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
