package dev.stowage.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.Settings;
import dev.stowage.node.NodeFacts;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.report.ReportSettings.LeaseSettings;
import dev.stowage.serve.ConfiguredReviews;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.Reviews;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * One replica as {@code serve} puts it together, but for the listening: it answers reviews, keeps reports when it holds the Lease, and
 * begins with what reports remember. Its requests to registries are noted.
 */
final class Replica implements AutoCloseable {

    private final List<RegistryObserver.Request> requests = new CopyOnWriteArrayList<>();
    private final ConfiguredReviews reviews;
    private final WarmStart warmStart;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final ReportOperator operator;

    /**
     * @param client the cluster, with the rights of the replica
     * @param key what all replicas share
     * @param lease the name of the Lease
     */
    Replica(KubernetesClient client, PrivateKey key, String lease, String identity) {
        Settings settings = Settings.of(
                new ConfigLoader(Map.of()).load(Optional.empty()), "defaults", Settings.Place.DESK, Map.of());
        FakeCluster cluster = new FakeCluster().node("amd", "linux/amd64").node("arm", "linux/arm64");
        List<NodeFacts> nodes = cluster.nodes();
        reviews = new ConfiguredReviews(
                settings,
                new ConfiguredReviews.Surroundings(
                        client,
                        () -> nodes,
                        NamespaceModes.NONE,
                        TemplateDefaults.NONE,
                        requests::add,
                        CacheObserver.NONE,
                        AdmissionObserver.NONE));
        ImageMemory memory = reviews.memory(() -> Optional.of(key));
        LeaseSettings times = new LeaseSettings(
                "default", lease, identity, Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofSeconds(1));
        operator = new ReportOperator(new ReportContext(
                client,
                new ReportSettings("docker.io", Duration.ofHours(24), Duration.ofHours(1), 4, List.of(), times),
                reviews.assessor(),
                () -> nodes,
                reviews.keyrings(),
                memory,
                meters,
                Clock.systemUTC(),
                () -> 0.9));
        warmStart = new WarmStart(client, memory, "docker.io", Clock.systemUTC());
        warmStart.start();
    }

    /** How its warm start stands. */
    String warmth() {
        return warmStart.state();
    }

    boolean settled() {
        return warmStart.settled();
    }

    /** What it says of a new pod with this image, and whether it lets it in; nothing is under way any more when this returns. */
    String review(String namespace, String image, String... pullSecrets) throws IOException {
        String pod = Reviews.pod("app=" + image);
        if (pullSecrets.length > 0) {
            pod += "  imagePullSecrets: [{name: " + pullSecrets[0] + "}]\n";
        }
        byte[] review = Reviews.create(pod).namespace(namespace).bytes();
        JsonNode response = new ObjectMapper()
                .readTree(reviews.handler()
                        .handle(review, "application/json")
                        .join()
                        .body())
                .path("response");
        // what is verified in the background is verified there
        ForkJoinPool.commonPool().awaitQuiescence(20, TimeUnit.SECONDS);
        return response.path("allowed") + " " + response.path("warnings") + " "
                + response.path("status").path("message").asText();
    }

    /** What was asked of registries since the last call of this. */
    List<RegistryObserver.Ask> asked() {
        List<RegistryObserver.Ask> asks =
                requests.stream().map(RegistryObserver.Request::ask).toList();
        requests.clear();
        return asks;
    }

    @Override
    public void close() {
        warmStart.close();
        operator.close();
        reviews.close();
    }
}
