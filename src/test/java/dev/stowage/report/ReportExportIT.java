package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.apiserver.ControlPlane;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.export.ExportFormat;
import dev.stowage.report.export.ExportSettings;
import dev.stowage.report.export.ReportExporter;
import dev.stowage.testing.Await;
import dev.stowage.testing.LogCapture;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.PolicyReportCrd;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ImageReports as reports of the Policy Working Group, on a real API server with their CRDs. */
@RequiresApiServer
class ReportExportIT {

    private static final String WEB = "registry.example/shop/web:1";
    private static final String API = "registry.example/shop/api:2";
    private static final Duration OFTEN = Duration.ofMillis(300);
    private static final int MANY = 1_000;
    private static final int CONTAINERS = 100;

    private ReportWorld world;
    private ExportFormat format = ExportFormat.OPENREPORTS;

    @BeforeEach
    void begin() throws Exception {
        world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
        world.registry.push("1", "linux/amd64");
        world.registry.push("2", "linux/amd64", "linux/arm64");
        world.nodes("linux/amd64", "linux/arm64");
    }

    @AfterEach
    void end() throws Exception {
        world.close();
        try (KubernetesClient client = ApiServer.shared().client()) {
            PolicyReportCrd.remove(client, format);
        }
    }

    private void export(ExportFormat to) {
        format = to;
        world.export(new ExportSettings(to, PolicyConfig.DEFAULT, OFTEN));
    }

    private List<GenericKubernetesResource> exported() {
        return world.client
                .genericKubernetesResources(format.apiVersion(), kind())
                .inNamespace(world.namespace)
                .list()
                .getItems();
    }

    private String kind() {
        return format == ExportFormat.OPENREPORTS ? "Report" : "PolicyReport";
    }

    private Optional<GenericKubernetesResource> exported(String name) {
        return exported().stream()
                .filter(report -> report.getMetadata().getName().equals(name))
                .findFirst();
    }

    private GenericKubernetesResource awaitExported(String name) {
        world.await("the export of " + name, () -> exported(name).isPresent());
        return exported(name).orElseThrow();
    }

    private static String summary(GenericKubernetesResource report) {
        Map<?, ?> summary = report.get("summary");
        return "pass " + summary.get("pass") + " fail " + summary.get("fail") + " warn " + summary.get("warn")
                + " error " + summary.get("error") + " skip " + summary.get("skip");
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new HashMap<>();
        exported()
                .forEach(report -> versions.put(
                        report.getMetadata().getName(), report.getMetadata().getResourceVersion()));
        return versions;
    }

    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    @DisplayName("a report for each ImageReport: of its name, owned by it, and accepted by the CRD as it was sent")
    void oneForEach(ExportFormat to) throws Exception {
        export(to);
        PolicyReportCrd.install(world.client, to);
        Deployment web = world.deploy("web", WEB);
        world.deploy("api", API);
        world.operator();
        ImageReport report = world.await(WEB, "Incompatible");
        ImageReport fine = world.await(API, "Compatible");

        GenericKubernetesResource exported = awaitExported(report.getMetadata().getName());

        assertThat(summary(exported)).isEqualTo("pass 1 fail 1 warn 0 error 0 skip 0");
        assertThat(summary(awaitExported(fine.getMetadata().getName())))
                .isEqualTo("pass 2 fail 0 warn 0 error 0 skip 0");
        assertThat(exported.getMetadata().getLabels()).containsEntry("app.kubernetes.io/managed-by", "stowage");
        assertThat(exported.getMetadata().getOwnerReferences())
                .extracting(OwnerReference::getApiVersion, OwnerReference::getKind, OwnerReference::getUid)
                .containsExactly(tuple(
                        "stowage.dev/v1alpha1",
                        "ImageReport",
                        report.getMetadata().getUid()));
        List<Map<String, Object>> results = exported.get("results");
        assertThat(results).hasSize(2);
        assertThat(results.get(0))
                .containsEntry("source", "stowage")
                .containsEntry("policy", "image-platforms")
                .containsEntry("rule", "linux/arm64")
                .containsEntry("result", "fail")
                .containsEntry("severity", "high")
                .containsEntry("message", WEB + " does not run on linux/arm64: contains linux/amd64 only")
                .containsKeys("timestamp", "properties", "category")
                .extractingByKey("resources")
                .asString()
                .contains(
                        "kind=Deployment",
                        "name=web",
                        "uid=" + web.getMetadata().getUid());
    }

    @Test
    @DisplayName("it follows the ImageReport, and an idle leader and a new one write nothing")
    void onlyOnChange() throws Exception {
        export(ExportFormat.OPENREPORTS);
        PolicyReportCrd.install(world.client, format);
        world.deploy("web", WEB);
        ReportOperator first = world.operator();
        String name = world.await(WEB, "Incompatible").getMetadata().getName();
        awaitExported(name);
        world.awaitQuiet();
        // what other tests have left in their namespaces is exported, too
        double written = world.writes("export", "ok");

        world.deploy("more", WEB);
        world.await("the other workload", () -> summary(awaitExported(name)).startsWith("pass 2 fail 2"));
        world.awaitQuiet();
        assertThat(world.writes("export", "ok")).isEqualTo(written + 1);

        Map<String, String> before = versions();
        // the daily proof that images are still read does not concern it
        world.clock.travel(Duration.ofHours(25));
        double statuses = world.writes("status", "ok");
        world.touch(WEB);
        world.await("the daily write", () -> world.writes("status", "ok") > statuses);
        world.awaitQuiet();
        first.close();
        ReportOperator second = world.operator(world.client, "two");
        world.await("another leader", second::leading);
        world.deploy("api", API);
        awaitExported(world.await(API, "Compatible").getMetadata().getName());
        world.awaitQuiet();

        assertThat(world.writes("export", "ok")).isEqualTo(written + 2);
        assertThat(versions()).containsAllEntriesOf(before);
    }

    @Test
    @DisplayName("without the CRD: said once, and the rest goes on; it begins when the CRD is there")
    void withoutCrd() throws Exception {
        export(ExportFormat.OPENREPORTS);
        try (LogCapture log = new LogCapture(ReportExporter.class)) {
            world.deploy("web", WEB);
            ReportOperator operator = world.operator();
            String name = world.await(WEB, "Incompatible").getMetadata().getName();
            world.await(
                    "it to name the CRD",
                    () -> operator.problem().orElse("").contains("the CRD reports.openreports.io is not installed"));
            world.awaitQuiet();
            assertThat(log.with("not installed")).hasSize(1);
            assertThat(world.writes("export", "gone")).as("attempts").isZero();

            PolicyReportCrd.install(world.client, format);
            awaitExported(name);
            world.await("the problem to be over", () -> operator.problem().isEmpty());
        }
    }

    @Test
    @DisplayName("the CRD is removed while it runs: the rest goes on, and all reports are written again with the CRD")
    void crdRemoved() throws Exception {
        export(ExportFormat.OPENREPORTS);
        PolicyReportCrd.install(world.client, format);
        world.deploy("web", WEB);
        ReportOperator operator = world.operator();
        String web = world.await(WEB, "Incompatible").getMetadata().getName();
        awaitExported(web);

        PolicyReportCrd.remove(world.client, format);
        world.deploy("api", API);
        String api = world.await(API, "Compatible").getMetadata().getName();
        world.await(
                "it to name the CRD",
                () -> operator.problem().orElse("").contains("the CRD reports.openreports.io is not installed"));

        PolicyReportCrd.install(world.client, format);
        awaitExported(web);
        awaitExported(api);
        assertThat(operator.leading()).isTrue();
    }

    @Test
    @DisplayName("a user's report of the same name is left alone")
    void usersReport() throws Exception {
        export(ExportFormat.OPENREPORTS);
        PolicyReportCrd.install(world.client, format);
        world.deploy("web", WEB);
        ReportOperator first = world.operator();
        ImageReport report = world.await(WEB, "Incompatible");
        String name = report.getMetadata().getName();
        awaitExported(name);
        world.awaitQuiet();
        double written = world.writes("export", "ok");
        first.close();

        GenericKubernetesResource users = new GenericKubernetesResource();
        users.setApiVersion(format.apiVersion());
        users.setKind(kind());
        users.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(world.namespace)
                .build());
        users.setAdditionalProperty("source", "somebody");
        world.client.resource(exported(name).orElseThrow()).delete();
        world.client.resource(users).create();
        world.operator(world.client, "two");
        world.deploy("more", WEB);
        world.await(
                "the other workload",
                () -> world.report(WEB).orElseThrow().getStatus().usedByTotal() == 2);
        world.awaitQuiet();

        GenericKubernetesResource left = exported(name).orElseThrow();
        assertThat((String) left.get("source")).isEqualTo("somebody");
        assertThat(left.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(world.writes("export", "ok")).isEqualTo(written);
    }

    @Test
    @DisplayName("what somebody edits or deletes is restored within an hour; what somebody adds stays")
    void edited() throws Exception {
        export(ExportFormat.OPENREPORTS);
        PolicyReportCrd.install(world.client, format);
        world.deploy("web", WEB);
        world.operator();
        String name = world.await(WEB, "Incompatible").getMetadata().getName();
        GenericKubernetesResource exported = awaitExported(name);

        world.client
                .resource(exported)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"note\":\"mine\"}},\"summary\":{\"fail\":0},\"results\":[]}");
        world.clock.travel(Duration.ofMinutes(61));
        world.touch(WEB);

        world.await("the results", () -> summary(awaitExported(name)).equals("pass 1 fail 1 warn 0 error 0 skip 0"));
        assertThat(exported(name).orElseThrow().getMetadata().getAnnotations()).containsEntry("note", "mine");

        world.client.resource(exported(name).orElseThrow()).delete();
        world.clock.travel(Duration.ofMinutes(61));
        world.touch(WEB);
        awaitExported(name);
    }

    @Test
    @DisplayName("without reports.export nothing is written, also where the CRD is installed")
    void off() throws Exception {
        PolicyReportCrd.install(world.client, format);
        world.deploy("web", WEB);
        world.operator();
        world.await(WEB, "Incompatible");
        world.awaitQuiet();

        assertThat(exported()).isEmpty();
        assertThat(world.writes("export", "ok")).isZero();
    }

    @Test
    @RequiresProgram("kube-controller-manager")
    @OneKubernetesVersion
    @DisplayName("the garbage collector deletes a report with its ImageReport")
    void deletedWithItsOwner() throws Exception {
        export(ExportFormat.OPENREPORTS);
        PolicyReportCrd.install(world.client, format);
        world.deploy("web", WEB);
        ReportOperator operator = world.operator();
        ImageReport report = world.await(WEB, "Incompatible");
        awaitExported(report.getMetadata().getName());
        world.awaitQuiet();
        operator.close();

        world.client.resource(report).delete();
        try (ControlPlane controllers = ControlPlane.start(
                ApiServer.shared(), "kube-controller-manager", "--controllers=garbage-collector-controller")) {
            Await.await("the report to be gone", Duration.ofSeconds(90), controllers::lastWords, () -> exported()
                    .isEmpty());
        }
    }

    @Test
    @OneKubernetesVersion
    @DisplayName("1,000 reports take 1,000 writes, and as many when a node of a new platform comes")
    void many() throws Exception {
        export(ExportFormat.OPENREPORTS);
        PolicyReportCrd.install(world.client, format);
        for (int i = 0; i < MANY; i++) {
            world.registry.push("v" + i, "linux/amd64");
        }
        world.nodes("linux/amd64");
        for (int i = 0; i < MANY; i += CONTAINERS) {
            world.client.resource(deployment(i)).create();
        }
        world.operator();
        Await.await("all exports", Duration.ofMinutes(5), () -> "", () -> world.writes("export", "ok") >= MANY);
        world.awaitQuiet();
        assertThat(world.writes("export", "ok")).isBetween((double) MANY, 1.1 * MANY);

        double before = world.writes("export", "ok");
        world.nodes("linux/amd64", "linux/arm64");
        Await.await(
                "all exports to know the new node",
                Duration.ofMinutes(5),
                () -> "",
                () -> world.writes("export", "ok") >= before + MANY);
        world.awaitQuiet();
        assertThat(world.writes("export", "ok") - before).isBetween((double) MANY, 1.1 * MANY);
    }

    private Deployment deployment(int from) {
        Deployment deployment = world.deployment("web-" + from, WEB);
        List<Container> containers = new ArrayList<>();
        for (int i = from; i < from + CONTAINERS; i++) {
            containers.add(new ContainerBuilder()
                    .withName("c" + i)
                    .withImage("registry.example/shop/web:v" + i)
                    .build());
        }
        deployment.getSpec().getTemplate().getSpec().setContainers(containers);
        return deployment;
    }
}
