package dev.stowage.cli.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.admission.KeyringSource;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.cli.CommandRun;
import dev.stowage.cluster.watch.NodeReader;
import dev.stowage.config.Settings;
import dev.stowage.engine.Engine;
import dev.stowage.node.NodeFacts;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.report.ReportContext;
import dev.stowage.report.ReportOperator;
import dev.stowage.report.ReportSettings;
import dev.stowage.report.ReportWorld;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.api.ImageReportStatus.UsedBy;
import dev.stowage.testing.Await;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.workload.WorkloadSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stowage scan} and the operator's ImageReports say the same of one cluster and one registry. */
@RequiresApiServer
class ScanAgreementIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private ScanWorld world;

    @BeforeEach
    void start() throws Exception {
        world = new ScanWorld(ApiServer.shared(), folder);
        ReportWorld.installCrd(world.client);
        for (String architecture : List.of("amd64", "arm64")) {
            world.apply("{apiVersion: v1, kind: Node, metadata: {name: " + world.namespace + "-" + architecture
                    + ", labels: {kubernetes.io/os: linux, kubernetes.io/arch: " + architecture + ", pool: "
                    + world.namespace + "-" + architecture + "}}}");
        }
    }

    @AfterEach
    void close() {
        world.client.resources(ImageReport.class).inNamespace(world.namespace).delete();
        world.close();
    }

    @Test
    @DisplayName("the same images, verdicts, reasons, missing platforms and users")
    void agreement() throws Exception {
        workloads();

        Map<String, String> reported = reports();
        CommandRun.Result result = world.scan("-n", world.namespace, "--verify", "-o", "json");
        JsonNode json = new ObjectMapper().readTree(result.out());
        Map<String, String> scanned = new TreeMap<>();
        json.at("/images").forEach(image -> scanned.put(image.at("/image").asText(), of(image)));

        assertThat(result.code()).as(result.toString()).isEqualTo(1);
        assertThat(scanned).isEqualTo(reported);
        assertThat(scanned.values().stream().map(text -> text.split(" ")[0]).distinct())
                .containsExactlyInAnyOrder("Compatible", "Incompatible", "NotFound", "Unresolved");
    }

    /** Verdicts of every kind, and users of every kind: owners, bare pods, jobs, volumes, pods that never pull. */
    private void workloads() {
        String amd64 = world.push("amd64", "linux/amd64");
        String both = world.push("both", "linux/amd64", "linux/arm64");
        world.deploy("web", amd64, 2, "250m", "64Mi");
        world.deploy("api", both, 1, "250m", "64Mi");
        world.deploy("idle", world.push("idle", "linux/arm64"), 0, "250m", "64Mi");
        world.deploy("gone", world.registry.host() + "/gone:1", 1, "1", "1Mi");
        world.apply(
                "{apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly, namespace: NS}, spec: {schedule: '0 0 * * *',"
                        + " jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: '"
                        + both
                        + "'}, {name: d, image: '" + amd64 + "'}]}}}}}}");
        world.apply("{apiVersion: v1, kind: Pod, metadata: {name: pinned, namespace: NS}, spec: {nodeSelector: {pool: "
                + world.namespace + "-amd64}, containers: [{name: c, image: '"
                + world.push("pinned", "linux/amd64") + "'}]}}");
        world.apply(
                "{apiVersion: v1, kind: Pod, metadata: {name: nowhere, namespace: NS}, spec: {nodeSelector: {pool: none},"
                        + " containers: [{name: c, image: '" + world.push("nowhere", "linux/amd64") + "'}]}}");
        world.apply("{apiVersion: v1, kind: Pod, metadata: {name: local, namespace: NS}, spec: {containers: [{name: c,"
                + " imagePullPolicy: Never, image: '" + world.registry.host() + "/local:1'}]}}");
    }

    /** What the operator says of each image, once it has said something of all. */
    private Map<String, String> reports() throws Exception {
        Settings settings = Settings.local(RegistrySettings.DEFAULT);
        List<NodeFacts> nodes = new ArrayList<>();
        world.client.nodes().list().getItems().forEach(node -> nodes.add(NodeReader.read(node)));
        ReportSettings kept = new ReportSettings(
                "docker.io",
                Duration.ofHours(1),
                Duration.ofHours(1),
                4,
                1000,
                namespace -> !namespace.equals(world.namespace),
                WorkloadSettings.DEFAULT,
                Optional.empty(),
                ReportSettings.LeaseSettings.usual("default", "lease-" + world.namespace, "one"));
        try (Engine engine = new Engine(settings, RegistryObserver.NONE, CacheObserver.NONE);
                ReportOperator operator = new ReportOperator(new ReportContext(
                        world.client,
                        kept,
                        engine.assessor(),
                        () -> nodes,
                        KeyringSource.ANONYMOUS,
                        Optional.empty(),
                        new SimpleMeterRegistry(),
                        Clock.systemUTC(),
                        () -> 0.5))) {
            operator.start();
            Await.await(
                    "a status of each image",
                    PATIENCE,
                    () -> "reports: " + listed(),
                    () -> listed().size() == 7 && listed().stream().allMatch(report -> report.getStatus() != null));
            Map<String, String> said = new TreeMap<>();
            listed().forEach(report -> said.put(report.getSpec().image(), of(report)));
            return said;
        }
    }

    private List<ImageReport> listed() {
        return world.client
                .resources(ImageReport.class)
                .inNamespace(world.namespace)
                .list()
                .getItems();
    }

    private static String of(ImageReport report) {
        List<String> checked = new ArrayList<>();
        for (CheckedPlatform one : report.getStatus().checkedPlatforms()) {
            checked.add(one.platform() + "=" + one.verdict() + "/" + one.reason());
        }
        List<String> users = new ArrayList<>();
        for (UsedBy user : report.getStatus().usedBy()) {
            users.add(user.kind() + "/" + user.name() + "/" + user.container());
        }
        return report.getStatus().verdict() + " " + report.getStatus().reason() + " "
                + report.getStatus().missingPlatforms() + " " + checked + " " + users + " "
                + report.getStatus().usedByTotal() + " " + report.getStatus().digest();
    }

    private static String of(JsonNode image) {
        List<String> checked = new ArrayList<>();
        image.at("/checkedPlatforms")
                .forEach(one -> checked.add(one.at("/platform").asText() + "="
                        + one.at("/verdict").asText() + "/" + one.at("/reason").asText()));
        List<String> users = new ArrayList<>();
        image.at("/usedBy")
                .forEach(user -> users.add(
                        user.at("/kind").asText() + "/" + user.at("/name").asText() + "/"
                                + user.at("/container").asText()));
        List<String> missing = StreamSupport.stream(
                        image.at("/missingPlatforms").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        return image.at("/verdict").asText() + " " + image.at("/reason").asText() + " " + missing + " " + checked + " "
                + users + " " + image.at("/usedByTotal").asInt() + " "
                + (image.at("/digest").isNull() ? null : image.at("/digest").asText());
    }
}
