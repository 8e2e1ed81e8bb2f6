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
import dev.stowage.serve.AdmissionComponents;
import dev.stowage.testing.Reviews;
import dev.stowage.workload.WorkloadSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
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
 * begins with the verdicts of reports. Its requests to registries are noted.
 */
final class Replica implements AutoCloseable {

    private final List<RegistryObserver.Request> requests = new CopyOnWriteArrayList<>();
    private final AdmissionComponents components;
    private final Optional<SeedLoader> loader;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final ReportOperator operator;

    /**
     * @param client the cluster, with the rights of the replica
     * @param lease the name of the Lease
     * @param seed whether it begins with the verdicts of reports
     * @param nodes the nodes of the cluster
     * @param refresh how often its operator checks images
     */
    Replica(
            KubernetesClient client,
            String lease,
            String identity,
            boolean seed,
            List<NodeFacts> nodes,
            Duration refresh) {
        Settings settings = Settings.of(
                new ConfigLoader(Map.of()).load(Optional.empty()), "defaults", Settings.Place.LOCAL, Map.of());
        components = new AdmissionComponents(
                settings,
                new AdmissionComponents.Dependencies(
                        client,
                        () -> nodes,
                        NamespaceModes.NONE,
                        TemplateDefaults.NONE,
                        requests::add,
                        CacheObserver.NONE,
                        AdmissionObserver.NONE));
        Optional<ReportSeeds> seeds = seed
                ? Optional.of(new ReportSeeds(components.seeds(), "docker.io", Clock.systemUTC()))
                : Optional.empty();
        LeaseSettings times = new LeaseSettings(
                "default", lease, identity, Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofSeconds(1));
        operator = new ReportOperator(new ReportContext(
                client,
                new ReportSettings(
                        "docker.io",
                        Duration.ofHours(24),
                        refresh,
                        4,
                        1_000,
                        namespace -> false,
                        WorkloadSettings.DEFAULT,
                        Optional.empty(),
                        times),
                components.assessor(),
                () -> nodes,
                components.keyrings(),
                seeds,
                meters,
                Clock.systemUTC(),
                () -> 0.9));
        loader = seeds.map(taken -> new SeedLoader(client, taken));
        loader.ifPresent(SeedLoader::start);
    }

    /** How it stands with the verdicts of reports. */
    String seeds() {
        return loader.map(SeedLoader::state).orElse("off");
    }

    boolean settled() {
        return loader.map(SeedLoader::settled).orElse(true);
    }

    /** What it says of a new pod with this image, and whether it lets it in; nothing is under way any more when this returns. */
    String review(String namespace, String image, String... pullSecrets) throws IOException {
        String pod = Reviews.pod("app=" + image);
        if (pullSecrets.length > 0) {
            pod += "  imagePullSecrets: [{name: " + pullSecrets[0] + "}]\n";
        }
        byte[] review = Reviews.create(pod).namespace(namespace).bytes();
        JsonNode response = new ObjectMapper()
                .readTree(components.handler().handle(review).join().body())
                .path("response");
        // what is verified in the background is verified there
        ForkJoinPool.commonPool().awaitQuiescence(20, TimeUnit.SECONDS);
        return response.path("allowed") + " " + response.path("warnings") + " "
                + response.path("status").path("message").asText();
    }

    /** What was asked of registries since the last call of this. */
    List<RegistryObserver.Operation> asked() {
        List<RegistryObserver.Operation> asks =
                requests.stream().map(RegistryObserver.Request::operation).toList();
        requests.clear();
        return asks;
    }

    @Override
    public void close() {
        loader.ifPresent(SeedLoader::close);
        operator.close();
        components.close();
    }
}
