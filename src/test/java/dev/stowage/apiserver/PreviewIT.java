package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.Settings;
import dev.stowage.demo.EmbeddedRegistry;
import dev.stowage.demo.PuzzleImage;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.report.ReportContext;
import dev.stowage.report.ReportOperator;
import dev.stowage.report.ReportSettings;
import dev.stowage.report.ReportSettings.LeaseSettings;
import dev.stowage.report.api.CrdManifest;
import dev.stowage.report.api.ImageReport;
import dev.stowage.serve.AdmissionComponents;
import dev.stowage.testing.Crds;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warnings about labels of namespaces, as kubectl prints them, from the reports of an operator that does not lead. */
@RequiresApiServer
@RequiresProgram("kubectl")
class PreviewIT {

    private static final String PREFIX = "preview-";
    private static final String SHOP = PREFIX + "shop";
    private static final String DATA = PREFIX + "data";
    private static final String EMPTY = PREFIX + "empty";
    private static final String MODE = "stowage.dev/mode";
    private static final Path PAGE = Path.of("docs", "preview.md");

    @TempDir
    private static Path folder;

    private static Path kubeconfig;
    private static KubernetesClient client;
    private static EmbeddedRegistry registry;
    private static AdmissionComponents components;
    private static final List<ReportOperator> OPERATORS = new ArrayList<>();
    private static LiveWebhook webhook;

    @BeforeAll
    static void start() throws Exception {
        ApiServer server = ApiServer.shared();
        client = server.client();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        registry = EmbeddedRegistry.start();
        PuzzleImage.fill(registry);
        Crds.apply(client, CrdManifest.installed());
        for (String architecture : List.of("amd64", "arm64")) {
            client.resource(node(architecture)).serverSideApply();
        }
        List.of(SHOP, DATA, EMPTY).forEach(namespace -> client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .addToLabels(MODE, "off")
                        .endMetadata()
                        .build())
                .serverSideApply());
        deploy(SHOP, "api", PuzzleImage.AMD64_ATTESTED, Map.of());
        deploy(SHOP, "web", PuzzleImage.TWO_PLATFORMS, Map.of());
        deploy(SHOP, "legacy", PuzzleImage.ARM64_SINGLE, Map.of());
        deploy(DATA, "etl", PuzzleImage.CHART, Map.of(MODE, "off"));
        Settings settings = Settings.of(
                new ConfigLoader(Map.of())
                        .parse("test", "stowage: {addresses: {allowLoopback: true}, workloadOptOut: true}"),
                "test",
                Settings.Place.CLUSTER,
                Map.of());
        webhook = new LiveWebhook(client, (nodes, namespaces) -> {
            components = new AdmissionComponents(
                    settings,
                    new AdmissionComponents.Dependencies(
                            client,
                            nodes,
                            namespaces,
                            TemplateDefaults.NONE,
                            RegistryObserver.NONE,
                            CacheObserver.NONE,
                            AdmissionObserver.NONE));
            return components.handler();
        });
        operators(settings);
    }

    /** The first leads; the second, which stands by, is asked. */
    private static void operators(Settings settings) {
        for (String identity : List.of("leader", "standby")) {
            ReportOperator operator = new ReportOperator(new ReportContext(
                    client,
                    new ReportSettings(
                            "docker.io",
                            Duration.ofHours(1),
                            Duration.ofHours(1),
                            4,
                            100,
                            namespace -> !List.of(SHOP, DATA, EMPTY).contains(namespace),
                            settings.workloads(),
                            Optional.empty(),
                            LeaseSettings.usual("default", "preview", identity)),
                    components.assessor(),
                    components.nodes(),
                    components.keyrings(),
                    Optional.empty(),
                    new SimpleMeterRegistry(),
                    Clock.systemUTC(),
                    () -> 0.5));
            OPERATORS.add(operator);
            operator.start();
            if (identity.equals("leader")) {
                await(
                        "the leader",
                        Duration.ofSeconds(60),
                        () -> operator.problem().orElse(""),
                        operator::leading);
            }
        }
        ReportOperator standby = OPERATORS.get(1);
        components.previewFrom(standby.reportedImages());
        await("the reports", () -> verdicts(SHOP) == 3 && verdicts(DATA) == 1);
        await(
                "the standby to see them",
                () -> standby.reportedImages().in(SHOP).images().stream()
                                .filter(image -> !image.sentence().isEmpty())
                                .count()
                        == 3);
        assertThat(standby.leading()).isFalse();
    }

    @AfterAll
    static void stop() throws Exception {
        try (KubernetesClient closed = client;
                EmbeddedRegistry ended = registry) {
            OPERATORS.forEach(ReportOperator::close);
            webhook.close();
            components.close();
            closed.nodes().withLabel("test", "preview").delete();
            List.of(SHOP, DATA).forEach(namespace -> {
                closed.apps().deployments().inNamespace(namespace).delete();
                closed.resources(ImageReport.class).inNamespace(namespace).delete();
            });
            List.of(SHOP, DATA, EMPTY)
                    .forEach(
                            namespace -> closed.namespaces().withName(namespace).delete());
        }
    }

    @Test
    @DisplayName("a dry run of all namespaces says what would be denied, and changes nothing; the page shows it")
    void dryRun() throws Exception {
        String command = "kubectl label --dry-run=server --overwrite namespace shop data empty " + MODE + "=enforce";

        String out =
                kubectl("label", "--dry-run=server", "--overwrite", "namespace", SHOP, DATA, EMPTY, MODE + "=enforce");

        assertThat(out)
                .contains("see \"kubectl get imgr -n " + SHOP + "\": 2 of 3 images would be denied")
                .contains(SHOP + ": image " + PuzzleImage.AMD64_ATTESTED.reference(registry.address())
                        + " of Deployment/api does not run on linux/arm64: contains linux/amd64 only")
                .contains("not known what would be denied in namespace " + EMPTY + ": it has no ImageReports")
                .doesNotContain("Deployment/web");
        assertThat(out).as("opted out").doesNotContain(DATA + ":", "namespace " + DATA);
        assertThat(mode(SHOP)).isEqualTo("off");
        String shown = "$ " + command + "\n"
                + out.replace(registry.address(), "registry.example").replace(PREFIX, "");
        assertThat(Files.readString(PAGE)).as("%s shows%n%s", PAGE, shown).contains(shown.strip());
    }

    @Test
    @DisplayName("a value that is not valid warns at once, for a new namespace too; other labels cost no call")
    void values() throws Exception {
        assertThat(kubectl("label", "--overwrite", "namespace", EMPTY, MODE + "=enforced"))
                .contains(
                        "Warning: Stowage: namespace " + EMPTY + " has the label " + MODE
                                + "=\"enforced\", which is not one of enforce, warn, audit, off; the default \"enforce\" applies");
        assertThat(kubectl("label", "--overwrite", "namespace", EMPTY, "team=a"))
                .doesNotContain("Warning");
        assertThat(kubectl("label", "--overwrite", "namespace", EMPTY, MODE + "=off"))
                .doesNotContain("Warning");
        Path created = Files.writeString(folder.resolve("new.yaml"), """
                        apiVersion: v1
                        kind: Namespace
                        metadata: {name: preview-new, labels: {stowage.dev/mode: "on"}}
                        """);
        assertThat(kubectl("create", "--dry-run=server", "--filename=" + created))
                .contains("namespace preview-new has the label " + MODE + "=\"on\"");
    }

    @Test
    @DisplayName("enforce is set although images would be denied: the preview never denies")
    void neverDenies() throws Exception {
        assertThat(kubectl("label", "--overwrite", "namespace", DATA, MODE + "=warn"))
                .doesNotContain("Warning");

        assertThat(kubectl("label", "--overwrite", "namespace", SHOP, MODE + "=enforce"))
                .contains("2 of 3 images would be denied", "namespace/" + SHOP + " labeled");
        assertThat(mode(SHOP)).isEqualTo("enforce");
        assertThat(kubectl("label", "--overwrite", "namespace", SHOP, MODE + "=off"))
                .doesNotContain("Warning");
    }

    @Test
    @DisplayName("kubectl get has the reason as a column, and describe begins with the whole story")
    void readable() throws Exception {
        assertThat(kubectl("get", "imgr", "-n", SHOP).lines())
                .hasSize(4)
                .first()
                .asString()
                .matches("NAME +IMAGE +VERDICT +REASON +PLATFORMS +MISSING +USED BY +AGE");
        assertThat(kubectl("get", "imgr", "-n", SHOP, "-o", "name").lines()).isSorted();
        String name = "amd64-attested-1-";

        String described = kubectl("describe", "imgr", "-n", SHOP);

        assertThat(described)
                .contains("Name:         " + name)
                .containsSubsequence(
                        "Status:",
                        "About:",
                        "does not run on linux/arm64: contains linux/amd64 only",
                        "used by Deployment/api",
                        "fix: build it for linux/arm64 too: docker buildx build",
                        "or: add nodeSelector: {kubernetes.io/arch: amd64}",
                        "Attestations:",
                        "Checked Time:",
                        "Used By:",
                        "Deployment");
    }

    private static String kubectl(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--kubeconfig=" + kubeconfig);
        return Program.named("kubectl").run(all.toArray(String[]::new)).out();
    }

    private static String mode(String namespace) {
        return client.namespaces()
                .withName(namespace)
                .get()
                .getMetadata()
                .getLabels()
                .get(MODE);
    }

    private static long verdicts(String namespace) {
        return client.resources(ImageReport.class).inNamespace(namespace).list().getItems().stream()
                .filter(report -> report.getStatus() != null
                        && report.getStatus().verdict() != null
                        && report.getStatus().checkedTime() != null)
                .count();
    }

    private static io.fabric8.kubernetes.api.model.Node node(String architecture) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("preview-" + architecture)
                .addToLabels(Map.of("test", "preview", "kubernetes.io/os", "linux", "kubernetes.io/arch", architecture))
                .endMetadata()
                .build();
    }

    private static void deploy(String namespace, String name, PuzzleImage image, Map<String, String> annotations) {
        client.resource(Serialization.unmarshal(
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: %s, namespace: %s}
                        spec:
                          selector: {matchLabels: {app: %s}}
                          template:
                            metadata: {labels: {app: %s}, annotations: %s}
                            spec:
                              nodeSelector: {test: preview}
                              containers: [{name: app, image: "%s"}]
                        """.formatted(
                                        name,
                                        namespace,
                                        name,
                                        name,
                                        Serialization.asJson(annotations),
                                        image.reference(registry.address())),
                        Deployment.class))
                .serverSideApply();
    }
}
