package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.write.ApiWriteMonitor;
import dev.stowage.testing.LogCapture;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many reports, and one that is too large. */
@RequiresApiServer
@OneKubernetesVersion
class ManyReportsIT {

    /** {@code -Dstowage.it.reports=10000} for the number that the operator is made for. */
    private static final int REPORTS = Integer.getInteger("stowage.it.reports", 1_000);

    private static final int CONTAINERS = 100;
    private static final int LARGEST = 16 * 1024;
    private static final String WEB = "registry.example/shop/web:1";

    private ReportWorld world;

    @BeforeEach
    void begin() throws Exception {
        world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
    }

    @AfterEach
    void end() throws Exception {
        world.close();
    }

    @Test
    @DisplayName("many thousands of reports: it catches up, each is bounded, and a new leader writes none of them")
    void manyReports() throws Exception {
        for (int i = 0; i < REPORTS; i++) {
            world.registry.push("v" + i, "linux/amd64");
        }
        for (int i = 0; i < REPORTS; i += CONTAINERS) {
            world.client.resource(deployment(i)).create();
        }
        long began = System.nanoTime();
        ReportOperator first = world.operator(world.client, "one");
        catchUp("all reports", () -> count("Compatible"), REPORTS);
        say("made", began);

        // each is made, and written when it has been looked at; what is written while others write would be too much
        assertThat(world.writes("create", "ok")).isEqualTo(REPORTS);
        assertThat(world.writes("status", "ok")).isBetween((double) REPORTS, 1.1 * REPORTS);

        began = System.nanoTime();
        double before = world.writes("status", "ok");
        world.nodes("linux/amd64", "linux/arm64");
        catchUp("all reports to know the new node", () -> count("Incompatible"), REPORTS);
        say("re-evaluated for a node of a new platform", began);
        assertThat(world.writes("status", "ok") - before).isBetween((double) REPORTS, 1.1 * REPORTS);

        List<Integer> sizes = new ArrayList<>();
        each(report -> sizes.add(
                world.client.getKubernetesSerialization().asJson(report).getBytes(StandardCharsets.UTF_8).length));
        assertThat(sizes).hasSize(REPORTS).allSatisfy(size -> assertThat(size).isLessThan(LARGEST));

        first.close();
        Map<String, String> versions = versions();
        began = System.nanoTime();
        ReportOperator second = world.operator(world.client, "two");
        world.await("another leader", second::leading);
        world.await(
                "the new leader to know what is in use", () -> second.problem().isEmpty());
        say("taken over", began);
        // what comes last is seen when it has been through all the others
        world.registry.push("1", "linux/amd64");
        world.deploy("last", WEB);
        world.await(WEB, "Incompatible");
        world.awaitQuiet();
        assertThat(versions()).hasSize(REPORTS + 1).containsAllEntriesOf(versions);
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new HashMap<>();
        each(report ->
                versions.put(report.getSpec().image(), report.getMetadata().getResourceVersion()));
        return versions;
    }

    private Deployment deployment(int from) {
        Deployment deployment = world.deployment("web-" + from, WEB);
        List<Container> containers = new ArrayList<>();
        for (int i = from; i < Math.min(from + CONTAINERS, REPORTS); i++) {
            containers.add(new ContainerBuilder()
                    .withName("c" + i)
                    .withImage("registry.example/shop/web:v" + i)
                    .build());
        }
        deployment.getSpec().getTemplate().getSpec().setContainers(containers);
        return deployment;
    }

    /** Waits for as long as it goes on. */
    private void catchUp(String what, DoubleSupplier done, int all) {
        for (double had = -1, now = done.getAsDouble(); now < all; now = done.getAsDouble()) {
            double before = Math.max(had, now);
            world.await(what + " beyond " + before, () -> done.getAsDouble() > before);
            had = before;
        }
    }

    /** As the operator knows them: listing thousands again and again would be the test's own load. */
    private double known(String verdict) {
        return world.meters.get("stowage.reports").tag("verdict", verdict).gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .max()
                .orElse(0);
    }

    private double count(String verdict) {
        double known = known(verdict);
        return known < REPORTS ? known : listed(verdict);
    }

    private int listed(String verdict) {
        int[] number = {0};
        each(report -> {
            if (report.getStatus() != null && verdict.equals(report.getStatus().verdict())) {
                number[0]++;
            }
        });
        return number[0];
    }

    private void each(Consumer<ImageReport> task) {
        String next = null;
        do {
            var page = world.client
                    .resources(ImageReport.class)
                    .inNamespace(world.namespace)
                    .list(new ListOptionsBuilder()
                            .withLimit(500L)
                            .withContinue(next)
                            .build());
            page.getItems().forEach(task);
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
    }

    private static void say(String what, long began) {
        System.out.printf("%d reports %s in %.1f s%n", REPORTS, what, (System.nanoTime() - began) / 1e9);
    }

    @Test
    @DisplayName("a report that the API server refuses as too large is named, and harms no other")
    void aReportThatIsTooLarge() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.registry.push("2", "linux/amd64");
        ImageReport full = fullToTheBrim("registry.example/shop/big:1");
        try (LogCapture log = new LogCapture(ApiWriteMonitor.class)) {
            world.operator();
            world.deploy("web", WEB);
            world.await(WEB, "Compatible");
            world.await("the refusal", () -> world.writes("status", "refused") > 0);
            world.awaitQuiet();

            assertThat(world.writes("status", "refused")).isEqualTo(1);
            assertThat(log.with("too large"))
                    .hasSize(1)
                    .allMatch(line -> line.contains("rejects imagereport " + world.namespace + "/big"));
        }
        world.client.resource(full).edit(edited -> {
            edited.getMetadata().setOwnerReferences(List.of());
            return edited;
        });
        world.await("registry.example/shop/big:1", "Compatible");
    }

    /** A person's report of the largest size that the API server takes: there is no room left for a status. */
    private ImageReport fullToTheBrim(String image) {
        int fits = 0;
        Config config = Config.fromKubeconfig(ApiServer.shared().kubeconfig());
        config.setRequestRetryBackoffLimit(0);
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            for (int step = 1 << 20; step >= 64; step /= 2) {
                if (create(client, image, fits + step)) {
                    fits += step;
                    client.resource(big(image, 1)).delete();
                }
            }
            assertThat(create(client, image, fits)).isTrue();
        }
        return big(image, 1);
    }

    private boolean create(KubernetesClient client, String image, int size) {
        try {
            client.resource(big(image, size)).create();
            return true;
        } catch (KubernetesClientException e) {
            assertThat(e).hasMessageContaining("too large");
            return false;
        }
    }

    /** The name of an owner is bounded by nothing but the size of the whole. */
    private ImageReport big(String image, int size) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName("big")
                .withNamespace(world.namespace)
                .addNewOwnerReference()
                .withApiVersion("example.com/v1")
                .withKind("Owner")
                .withName("o".repeat(size))
                .withUid(new UUID(7, 7).toString())
                .endOwnerReference()
                .build());
        report.setSpec(ImageReportSpec.of(image));
        return report;
    }
}
