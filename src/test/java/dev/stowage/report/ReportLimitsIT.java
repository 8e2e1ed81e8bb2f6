package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a tenant can do to the reports of others, and to its own. */
@RequiresApiServer
@OneKubernetesVersion
class ReportLimitsIT {

    private static final String WEB = "registry.example/shop/web:1";
    private static final String OTHER = "registry.example/shop/other:2";

    private ReportWorld world;

    @BeforeEach
    void begin() throws Exception {
        world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
        world.registry.push("1", "linux/amd64");
        world.registry.push("2", "linux/arm64");
    }

    @AfterEach
    void end() throws Exception {
        world.close();
    }

    @Test
    @DisplayName("a user's report of the name that Stowage would choose, about another image: both have theirs")
    void takenName() {
        String name = web().reportName();
        create(world.namespace, name, OTHER, Map.of());
        ReportOperator operator = world.operator();
        world.deploy("web", WEB);

        ImageReport real = world.await(WEB, "Compatible");
        operator.denials().answered(Denials.of(world.namespace, "Pod", "web-1", WEB));
        world.await(
                "the denial", () -> world.report(WEB).orElseThrow().getStatus().lastDenial() != null);

        assertThat(real.getMetadata().getName()).isEqualTo(web().reportNames().get(1));
        ImageReport users = world.await(OTHER, "Incompatible");
        assertThat(users.getMetadata().getName()).isEqualTo(name);
        assertThat(users.managed()).isFalse();
        assertThat(users.getStatus().lastDenial()).isNull();
        assertThat(world.reports()).hasSize(2);
    }

    @Test
    @DisplayName("a user has taken all names: nothing is overwritten, and other images have their reports")
    void allNamesTaken() {
        web().reportNames().forEach(name -> create(world.namespace, name, OTHER, Map.of()));
        ReportOperator operator = world.operator();
        world.deploy("web", WEB);
        world.deploy("api", "registry.example/shop/api:1");
        world.await("registry.example/shop/api:1", "Compatible");
        operator.denials().answered(Denials.of(world.namespace, "Pod", "web-1", WEB));
        operator.denials().answered(Denials.of(world.namespace, "Pod", "api-1", "registry.example/shop/api:1"));
        world.await("the denial that has a report", () -> world.writes("denial", "ok") == 1);

        assertThat(world.report(WEB)).isEmpty();
        assertThat(world.reports())
                .filteredOn(report -> !report.managed())
                .hasSize(5)
                .allSatisfy(report -> assertThat(report.getSpec().image()).isEqualTo(OTHER));
    }

    @Test
    @DisplayName(
            "a namespace with more images than it may have reports: the rest is counted, other namespaces are served")
    void limitPerNamespace() {
        world.maxPerNamespace(3);
        IntStream.range(0, 10).forEach(i -> world.deploy("web-" + i, "registry.example/shop/web-" + i + ":1"));
        ReportOperator operator = world.operator();
        world.await(
                "the count",
                () -> world.meters.get("stowage.report.omitted.images").gauge().value() == 7);
        operator.denials().answered(Denials.of(world.namespace, "Pod", "web-1", WEB));
        world.await(
                "the denial to be dropped",
                () -> world.meters
                                .get("stowage.report.dropped.denials")
                                .counter()
                                .count()
                        == 1);

        assertThat(world.reports()).hasSize(3);
    }

    @Test
    @DisplayName("an excluded namespace: no reports, old ones are deleted, and what users create is left alone")
    void excludedNamespace() {
        world.client
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(ReportWorld.EXCLUDED)
                        .endMetadata()
                        .build())
                .serverSideApply();
        create(ReportWorld.EXCLUDED, "old", OTHER, Map.of(ImageReport.MANAGED_BY_LABEL, ImageReport.MANAGED_BY));
        create(ReportWorld.EXCLUDED, "users", OTHER, Map.of());
        var there = world.client.resources(ImageReport.class).inNamespace(ReportWorld.EXCLUDED);
        try {
            var deployment = world.deployment("web", WEB);
            deployment.getMetadata().setNamespace(ReportWorld.EXCLUDED);
            world.client.resource(deployment).serverSideApply();
            world.deploy("web", WEB);
            ReportOperator operator = world.operator();
            operator.denials().answered(Denials.of(ReportWorld.EXCLUDED, "Pod", "web-1", WEB));
            world.await(WEB, "Compatible");
            world.await("the old one to be deleted", () -> there.withName("old").get() == null);
            world.awaitQuiet();

            assertThat(there.list().getItems()).singleElement().satisfies(report -> {
                assertThat(report.getMetadata().getName()).isEqualTo("users");
                assertThat(report.getStatus()).isNull();
            });
        } finally {
            there.delete();
            world.client.apps().deployments().inNamespace(ReportWorld.EXCLUDED).delete();
        }
    }

    @Test
    @DisplayName("memory is exhausted in the leader's part: it stops, says so, and starts again later")
    void exhaustedMemory() {
        world.nodesExhaustMemory(1);
        world.deploy("web", WEB);
        ReportOperator operator = world.operator();
        world.await("it to say so", () -> operator.problem().orElse("").contains("OutOfMemoryError"));

        world.await(WEB, "Compatible");
        assertThat(operator.problem()).isEmpty();
    }

    @Test
    @DisplayName("memory is exhausted while it leads: it gives up the lead, and starts again later")
    void exhaustedMemoryWhileLeading() {
        ReportOperator operator = world.operator();
        world.await("a leader", operator::leading);
        world.nodesExhaustMemory(1);
        world.await("it to stop", () -> operator.problem().orElse("").contains("OutOfMemoryError"));
        assertThat(operator.leading()).isFalse();

        world.deploy("web", WEB);
        world.await(WEB, "Compatible");
    }

    private ImageKey web() {
        return ImageKey.of(world.namespace, WEB, "docker.io");
    }

    private void create(String namespace, String name, String image, Map<String, String> labels) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels)
                .build());
        report.setSpec(ImageReportSpec.of(image));
        world.client.resource(report).create();
    }
}
