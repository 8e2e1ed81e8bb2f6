package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.demo.EmbeddedRegistry;
import dev.stowage.demo.PuzzleImage;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webhook as users meet it: registered at a real API server, which is asked to create things and says no. */
@RequiresApiServer
class AdmissionIT {

    private static final String DENIED = "admission webhook \"validate.stowage.dev\" denied the request: ";
    private static final Pattern PROPOSAL = Pattern.compile("nodeSelector: \\{(\\S+): (\\S+?)}");
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static ApiServer server;
    private static KubernetesClient client;
    private static EmbeddedRegistry registry;
    private static LiveWebhook webhook;

    @BeforeAll
    static void start() throws Exception {
        server = ApiServer.shared();
        client = server.client();
        registry = EmbeddedRegistry.start();
        PuzzleImage.fill(registry);
        node("amd", "amd64");
        node("arm", "arm64");
        namespace("off", "off");
        namespace("warn", "warn");
        namespace("odd", "sometimes");
        webhook = new LiveWebhook(client);
        // Hook configurations take effect late; each try has a name of its own, and nothing is kept.
        await("a denial", () -> denies(pod(PuzzleImage.CHART)));
    }

    @AfterAll
    static void stop() throws Exception {
        try (KubernetesClient closed = client;
                EmbeddedRegistry ended = registry) {
            webhook.close();
            closed.nodes().withLabel("test", "admission").delete();
        }
    }

    @Test
    @DisplayName(
            "the puzzle: an amd64 image with its attestation is denied next to an arm64 node, and admitted as proposed")
    void puzzle() {
        Pod pod = pod(PuzzleImage.AMD64_ATTESTED);

        String message = denial(pod);

        assertThat(message)
                .contains(DENIED)
                .contains(PuzzleImage.AMD64_ATTESTED.reference(registry.address()))
                .contains("linux/amd64")
                .contains("linux/arm64")
                .contains("1 attestation")
                .contains("arm");
        Matcher proposal = PROPOSAL.matcher(message);
        assertThat(proposal.find()).as(message).isTrue();
        Pod mended = pod.edit()
                .editSpec()
                .withNodeSelector(Map.of(proposal.group(1), proposal.group(2)))
                .endSpec()
                .build();
        assertThat(client.resource(mended).create().getMetadata().getUid()).isNotNull();
    }

    @Test
    @DisplayName("an image of both platforms is admitted")
    void bothPlatforms() {
        assertThat(client.resource(pod(PuzzleImage.TWO_PLATFORMS))
                        .create()
                        .getMetadata()
                        .getUid())
                .isNotNull();
    }

    @Test
    @DisplayName("what contains no image is denied: a chart, an attestation alone")
    void noImages() {
        assertThat(denial(pod(PuzzleImage.CHART))).contains(DENIED);
        assertThat(denial(pod(PuzzleImage.ATTESTATION_ONLY))).contains(DENIED);
    }

    @Test
    @DisplayName("a single manifest of another architecture is denied")
    void singleManifest() {
        assertThat(denial(pod(PuzzleImage.ARM64_SINGLE))).contains(DENIED).contains("linux/arm64");
    }

    @Test
    @DisplayName("a Deployment is denied itself, and admitted with what the message proposes")
    void deployment() {
        Deployment deployment = deployment("default", PuzzleImage.AMD64_ATTESTED);
        assertThat(denial(deployment)).contains(DENIED).contains("pod template");
        Deployment mended = deployment
                .edit()
                .editSpec()
                .editTemplate()
                .editSpec()
                .withNodeSelector(Map.of("kubernetes.io/arch", "amd64"))
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        assertThat(client.resource(mended).create().getMetadata().getUid()).isNotNull();
    }

    @Test
    @DisplayName("a dry run is answered the same")
    void dryRun() {
        assertThatThrownBy(() -> client.resource(pod(PuzzleImage.AMD64_ATTESTED))
                        .dryRun()
                        .create())
                .hasMessageContaining(DENIED);
        assertThat(client.resource(pod(PuzzleImage.TWO_PLATFORMS)).dryRun().create())
                .isNotNull();
    }

    @Test
    @RequiresProgram("kubectl")
    @DisplayName(
            "a diff shows the denial before anything is applied: kubectl diff, and the server-side diff of GitOps tools")
    void diff(@TempDir Path folder) throws Exception {
        Deployment wrong = deployment("default", PuzzleImage.AMD64_ATTESTED);
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        Path manifest = Files.writeString(folder.resolve("web.yaml"), Serialization.asYaml(wrong));

        assertThat(Program.named("kubectl")
                        .run("diff", "--kubeconfig=" + kubeconfig, "--filename=" + manifest)
                        .out())
                .contains(DENIED);
        assertThatThrownBy(() -> client.resource(wrong)
                        .dryRun()
                        .fieldManager("argocd-controller")
                        .forceConflicts()
                        .serverSideApply())
                .hasMessageContaining(DENIED);
        assertThat(client.resource(wrong).get()).isNull();
    }

    @Test
    @DisplayName("an old, wrong Deployment can be scaled, labelled and deleted, but not given another wrong image")
    void oldAndWrong() {
        String namespace = namespace("old", "off");
        Deployment deployment = client.resource(deployment(namespace, PuzzleImage.AMD64_ATTESTED))
                .create();
        client.namespaces().withName(namespace).edit(old -> old.edit()
                .editMetadata()
                .removeFromLabels("stowage.dev/mode")
                .endMetadata()
                .build());
        await("a denial", () -> denies(deployment(namespace, PuzzleImage.AMD64_ATTESTED)));
        var stored = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(deployment.getMetadata().getName());

        stored.scale(3);
        stored.edit(old -> old.edit().editSpec().withReplicas(5).endSpec().build());
        stored.edit(old -> old.edit()
                .editMetadata()
                .addToLabels("a", "b")
                .addToFinalizers("example.com/wait")
                .endMetadata()
                .build());
        assertThat(stored.get().getSpec().getReplicas()).isEqualTo(5);

        assertThatThrownBy(() -> stored.edit(old -> old.edit()
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withImage(PuzzleImage.CHART.reference(registry.address()))
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build()))
                .hasMessageContaining(DENIED);
        stored.edit(
                old -> old.edit().editMetadata().withFinalizers().endMetadata().build());
        stored.delete();
        assertThat(stored.get()).isNull();
    }

    @Test
    @DisplayName("an ephemeral container is checked when it is added to a pod that runs")
    void ephemeralContainer() {
        Pod pod = client.resource(pod(PuzzleImage.TWO_PLATFORMS)).create();
        assertThatThrownBy(() -> debug(pod, PuzzleImage.CHART)).hasMessageContaining(DENIED);
        debug(pod, PuzzleImage.TWO_PLATFORMS);
        assertThat(client.resource(pod).get().getSpec().getEphemeralContainers())
                .hasSize(1);
    }

    @Test
    @DisplayName("a namespace in mode warn admits with warnings, a namespace that is off without a word")
    void modes() throws Exception {
        assertThat(created("warn", PuzzleImage.AMD64_ATTESTED.reference(registry.address())))
                .satisfies(warnings -> assertThat(String.join("\n", warnings)).contains("linux/arm64"));
        assertThat(created("off", PuzzleImage.CHART.reference(registry.address())))
                .isEmpty();
    }

    @Test
    @DisplayName("a wrong mode counts as the default, and a warning names it")
    void wrongMode() throws Exception {
        assertThat(created("odd", PuzzleImage.TWO_PLATFORMS.reference(registry.address())))
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("sometimes"));
        Pod wrong = pod(PuzzleImage.CHART);
        wrong.getMetadata().setNamespace("odd");
        assertThat(denial(wrong)).contains(DENIED);
    }

    @Test
    @DisplayName("a tag that does not exist is admitted with a warning")
    void missingTag() throws Exception {
        assertThat(created("default", registry.address() + "/puzzle/two-platforms:2"))
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("puzzle/two-platforms:2"));
    }

    @Test
    @DisplayName("a registry that is down is admitted with a warning")
    void registryDown() throws Exception {
        assertThat(created("default", "127.0.0.1:1/gone:1")).singleElement().satisfies(warning -> assertThat(warning)
                .contains("127.0.0.1:1/gone:1"));
    }

    @Test
    @DisplayName("while the API server is away, reviews are answered from memory; afterwards new nodes are seen")
    void apiServerRestarts() throws Exception {
        int known = webhook.nodes.nodes().size();
        server.crash(() -> {
            await("stale nodes", () -> !webhook.nodes.staleness().isZero());
            assertThat(webhook.nodes.nodes()).hasSize(known);
            assertThat(webhook.serving.isReady()).isTrue();
            assertThat(webhook.serving.state().get("nodes")).contains("stale for");
            assertThat(DirectReview.of(webhook, PuzzleImage.AMD64_ATTESTED.reference(registry.address())))
                    .contains("\"allowed\":false")
                    .contains("linux/arm64");
        });
        await("current nodes", () -> webhook.nodes.staleness().isZero());
        node("late", "s390x");
        await("the nodes", () -> webhook.nodes.nodes().size() == known + 1);
        assertThat(denial(pod(PuzzleImage.TWO_PLATFORMS))).contains("linux/s390x");
        client.nodes().withName("late").delete();
        await("the nodes", () -> webhook.nodes.nodes().size() == known);
        assertThat(client.resource(pod(PuzzleImage.TWO_PLATFORMS)).create()).isNotNull();
    }

    private static void debug(Pod pod, PuzzleImage image) {
        client.pods().inNamespace("default").resource(pod).ephemeralContainers().edit(old -> old.edit()
                .editSpec()
                .addNewEphemeralContainer()
                .withName("debug")
                .withImage(image.reference(registry.address()))
                .endEphemeralContainer()
                .endSpec()
                .build());
    }

    private static String denial(HasMetadata object) {
        try {
            client.resource(object).create();
        } catch (KubernetesClientException e) {
            return e.getStatus().getMessage();
        }
        throw new AssertionError("it was admitted");
    }

    private static boolean denies(HasMetadata object) {
        try {
            client.resource(object).dryRun().create();
            return false;
        } catch (KubernetesClientException e) {
            return e.getMessage().contains(DENIED);
        }
    }

    /** Creates a pod as kubectl does and returns the warnings that kubectl would print. */
    private static List<String> created(String namespace, String image) throws Exception {
        Pod pod = pod(image);
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(client.getMasterUrl() + "api/v1/namespaces/" + namespace + "/pods")
                .post("application/json", Serialization.asJson(pod))
                .build();
        HttpResponse<String> response =
                client.getHttpClient().sendAsync(request, String.class).get(30, TimeUnit.SECONDS);
        assertThat(response.code()).as(response.body()).isEqualTo(201);
        return response.headers("warning");
    }

    private static Pod pod(PuzzleImage image) {
        Pod pod = pod(image.reference(registry.address()));
        pod.getMetadata().setNamespace("default");
        return pod;
    }

    private static Pod pod(String image) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(freshName())
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .endContainer()
                .endSpec()
                .build();
    }

    private static Deployment deployment(String namespace, PuzzleImage image) {
        Map<String, String> labels = Map.of("app", "web");
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(freshName())
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .withMatchLabels(labels)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withSpec(pod(image).getSpec())
                .endTemplate()
                .endSpec()
                .build();
    }

    private static String freshName() {
        return "admission-" + NAMES.incrementAndGet();
    }

    private static String namespace(String name, String mode) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("stowage.dev/mode", mode)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    private static void node(String name, String architecture) {
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("test", "admission")
                .addToLabels("kubernetes.io/os", "linux")
                .addToLabels("kubernetes.io/arch", architecture)
                .endMetadata()
                .build();
        client.resource(node).create();
        client.resource(node).editStatus(created -> created.edit()
                .withNewStatus()
                .withNewNodeInfo()
                .withOperatingSystem("linux")
                .withArchitecture(architecture)
                .withContainerRuntimeVersion("containerd://2.1.4")
                .withBootID("")
                .withKernelVersion("6.1.0")
                .withKubeletVersion("v1.34.4")
                .withKubeProxyVersion("")
                .withMachineID("")
                .withOsImage("")
                .withSystemUUID("")
                .endNodeInfo()
                .endStatus()
                .build());
    }
}
