package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.Settings;
import dev.stowage.tls.CertificateAuthority;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    private static final Duration LIFE = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<Object> seen = new ConcurrentLinkedQueue<>();
    private final KubernetesClient nobody = new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder().withMasterUrl("http://127.0.0.1:1").build())
            .build();
    private final Settings settings = Settings.of(
            new ConfigLoader(Map.of())
                    .parse(
                            "test",
                            "stowage: {mode: 'off', exemptions: {images: ['*']}, pullSecrets: {enabled: false},"
                                    + " registries: {'*': {blocked: true}}}"),
            "test",
            Settings.Place.CLUSTER,
            Map.of());
    private final ConfiguredReviews.Surroundings surroundings = new ConfiguredReviews.Surroundings(
            nobody,
            List::of,
            NamespaceModes.NONE,
            TemplateDefaults.NONE,
            seen::add,
            (thing, outcome) -> seen.add(outcome),
            seen::add);
    private StagedRehearsal rehearsal;

    @BeforeEach
    void start() throws Exception {
        rehearsal = StagedRehearsal.start(vertx, settings, surroundings, "stowage");
    }

    @AfterEach
    void stop() throws Exception {
        rehearsal.close();
        nobody.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("its first reviews meet every kind, created and changed, and every outcome, whatever is configured")
    void meetsEverything() throws Exception {
        Set<String> kinds = new HashSet<>();
        Set<String> outcomes = new HashSet<>();
        for (int number = 0; number < WarmUp.LEAST; number++) {
            String review = new String(rehearsal.review(number), StandardCharsets.UTF_8);
            String kind = review.replaceAll(".*\"request\":.*?\"kind\":\"(\\w+)\"}.*", "$1");
            String operation = review.replaceAll(".*?\"operation\":\"(\\w+)\".*", "$1");
            String answer = new String(
                    rehearsal
                            .reviews()
                            .handle(rehearsal.review(number), "application/json")
                            .get(20, TimeUnit.SECONDS)
                            .body(),
                    StandardCharsets.UTF_8);
            kinds.add(kind);
            outcomes.add(operation
                    + (answer.contains("\"allowed\":false") ? " denied" : " allowed")
                    + (answer.contains("\"warnings\"") ? ", warned" : ""));
        }
        assertThat(kinds)
                .containsExactlyInAnyOrder(
                        "Pod",
                        "Deployment",
                        "ReplicaSet",
                        "StatefulSet",
                        "DaemonSet",
                        "Job",
                        "CronJob",
                        "ReplicationController");
        assertThat(outcomes)
                .containsExactlyInAnyOrder(
                        "CREATE allowed",
                        "CREATE denied",
                        "CREATE allowed, warned",
                        "UPDATE allowed",
                        "UPDATE denied",
                        "UPDATE allowed, warned");
    }

    @Test
    @DisplayName("nothing of it is left: no real observer has heard of it, and its path is not found any more")
    void leavesNoTrace() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), LIFE);
        WebhookServer server = new WebhookServer(vertx, ServerSettings.local(), (body, type) -> {
            seen.add(body);
            throw new IllegalStateException("the real handler is asked");
        });
        server.start(authority.issue(List.of("127.0.0.1"), Clock.systemUTC(), LIFE))
                .get(20, TimeUnit.SECONDS);
        new WarmUp(vertx, "127.0.0.1", server)
                .run(rehearsal)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);

        assertThat(seen).isEmpty();
        assertThat(server.inFlight()).isZero();
        String path = server.rehearse(rehearsal.reviews());
        TestClient client = new TestClient(server.port(), authority, Version.HTTP_1_1);
        assertThat(client.send("POST", path).statusCode()).isEqualTo(400);
        server.endRehearsal();
        assertThat(client.send("POST", path).statusCode()).isEqualTo(404);
        server.drain().get(20, TimeUnit.SECONDS);
    }
}
