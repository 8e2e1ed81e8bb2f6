package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.AdmissionResponse;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.admission.ClusterView;
import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.SteeringEvent;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.cluster.watch.NamespaceInformer;
import dev.stowage.cluster.watch.NodeInformer;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.DocumentReader;
import dev.stowage.platform.Platform;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.steering.SteeringMode;
import dev.stowage.steering.SteeringSettings;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Both webhooks at a real API server, next to another mutating webhook, which adds a sidecar after Stowage was called. */
@RequiresApiServer
class SteeringIT {

    private static final String STEERED = "steering-it";
    private static final String ELSEWHERE = "steering-it-off";
    private static final String WARNED = "steering-it-warn";
    private static final String CONFIGURATION = "a-steering-it";
    private static final String INJECTOR = "b-steering-it-injector";
    private static final String INJECT = "inject";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static final List<SteeringEvent> EVENTS = new CopyOnWriteArrayList<>();
    private static KubernetesClient client;
    private static LiveWebhook webhook;

    @BeforeAll
    static void start() throws Exception {
        client = ApiServer.shared().client();
        node("steering-amd", "amd64");
        node("steering-arm", "arm64");
        namespace(STEERED, Map.of("stowage.dev/steering", "required"));
        namespace(ELSEWHERE, Map.of());
        namespace(WARNED, Map.of("stowage.dev/steering", "required", "stowage.dev/mode", "warn"));
        webhook = new LiveWebhook(client, SteeringIT::handler);
        webhook.serving.serve("/inject", SteeringIT::inject);
        register(CONFIGURATION, "steer.stowage.dev", "/steer", webhook.port);
        register(INJECTOR, "inject.example.com", "/inject", webhook.port);
        // they take effect late; each try has a name of its own, and nothing is kept
        await(
                "a patch",
                () -> terms(client.resource(pod(STEERED, "amd64")).dryRun().create())
                                .size()
                        == 1);
        await(
                "the sidecar",
                () -> client.resource(injected(STEERED, "both"))
                                .dryRun()
                                .create()
                                .getSpec()
                                .getContainers()
                                .size()
                        == 2);
        await("a denial", () -> {
            try {
                client.resource(pod(ELSEWHERE, "amd64")).dryRun().create();
                return false;
            } catch (io.fabric8.kubernetes.client.KubernetesClientException e) {
                return true;
            }
        });
    }

    @AfterAll
    static void stop() throws Exception {
        try (KubernetesClient closed = client) {
            for (String name : List.of(CONFIGURATION, INJECTOR)) {
                closed.admissionRegistration()
                        .v1()
                        .mutatingWebhookConfigurations()
                        .withName(name)
                        .delete();
            }
            webhook.close();
            closed.nodes().withLabel("test", "steering").delete();
            for (String namespace : List.of(STEERED, ELSEWHERE, WARNED)) {
                closed.pods().inNamespace(namespace).withGracePeriod(0).delete();
                closed.namespaces().withName(namespace).delete();
            }
        }
    }

    @Test
    @DisplayName("a pod is created, bound to the nodes that run its image, and the validating webhook agrees")
    void steered() {
        Pod created = client.resource(pod(STEERED, "amd64")).create();

        assertThat(terms(created)).hasSize(1);
        assertThat(terms(created).get(0).getMatchExpressions())
                .containsExactly(new NodeSelectorRequirement("kubernetes.io/arch", "In", List.of("amd64")));
        assertThat(created.getMetadata().getAnnotations()).containsEntry("stowage.dev/steered", "linux/amd64");
    }

    @Test
    @DisplayName("every term of the user's is narrowed, and the empty one matches nothing, as before")
    void terms() {
        Pod pod = new PodBuilder(pod(STEERED, "amd64"))
                .editSpec()
                .withNewAffinity()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addToMatchExpressions(new NodeSelectorRequirement("disk", "Exists", null))
                .endNodeSelectorTerm()
                .addNewNodeSelectorTerm()
                .endNodeSelectorTerm()
                .addNewNodeSelectorTerm()
                .addToMatchExpressions(
                        new NodeSelectorRequirement("kubernetes.io/arch", "In", List.of("amd64", "arm64")))
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .endAffinity()
                .endSpec()
                .build();

        Pod created = client.resource(pod).create();

        assertThat(terms(created)).hasSize(3);
        assertThat(terms(created).get(0).getMatchExpressions())
                .extracting(NodeSelectorRequirement::getKey)
                .containsExactly("disk", "kubernetes.io/arch");
        assertThat(terms(created).get(1).getMatchExpressions()).isNullOrEmpty();
        assertThat(terms(created).get(2).getMatchExpressions())
                .containsExactly(new NodeSelectorRequirement("kubernetes.io/arch", "In", List.of("amd64")));
    }

    @Test
    @DisplayName("a sidecar that is added afterwards narrows the pod further, and nothing is there twice")
    void sidecar() {
        Pod unneeded = client.resource(pod(STEERED, "both")).create();
        assertThat(terms(unneeded)).isEmpty();

        EVENTS.clear();
        Pod created = client.resource(injected(STEERED, "both")).create();
        assertThat(created.getSpec().getContainers()).hasSize(2);
        assertThat(terms(created)).hasSize(1);
        assertThat(terms(created).get(0).getMatchExpressions())
                .containsExactly(new NodeSelectorRequirement("kubernetes.io/arch", "In", List.of("amd64")));
        assertThat(EVENTS).extracting(SteeringEvent::patched).containsExactly(false, true);

        EVENTS.clear();
        Pod again = client.resource(injected(STEERED, "three")).create();
        assertThat(terms(again).get(0).getMatchExpressions())
                .as("amd64, s390x at first")
                .containsExactly(new NodeSelectorRequirement("kubernetes.io/arch", "In", List.of("amd64")));
    }

    @Test
    @DisplayName("without the label pods are as they were, and what does not run everywhere is denied")
    void elsewhere() {
        assertThatThrownBy(() -> client.resource(pod(ELSEWHERE, "amd64")).create())
                .hasMessageContaining("cannot run on 1 of");
        assertThat(terms(client.resource(pod(ELSEWHERE, "both")).create())).isEmpty();
    }

    @Test
    @DisplayName("what runs nowhere is denied, steering or not")
    void nowhere() {
        assertThatThrownBy(() -> client.resource(pod(STEERED, "s390x")).create())
                .hasMessageContaining("validate.stowage.dev");
    }

    @Test
    @DisplayName("webhook away: pods are created unsteered")
    void away() {
        register(CONFIGURATION, "steer.stowage.dev", "/steer", 1);
        try {
            await("an unsteered pod", () -> terms(
                            client.resource(pod(WARNED, "amd64")).dryRun().create())
                    .isEmpty());

            Pod created = client.resource(pod(WARNED, "amd64")).create();

            assertThat(terms(created)).isEmpty();
            assertThat(created.getMetadata().getAnnotations()).doesNotContainKey("stowage.dev/steered");
        } finally {
            register(CONFIGURATION, "steer.stowage.dev", "/steer", webhook.port);
            await(
                    "a steered pod",
                    () -> terms(client.resource(pod(WARNED, "amd64")).dryRun().create())
                                    .size()
                            == 1);
        }
    }

    private static AdmissionHandler handler(NodeInformer nodes, NamespaceInformer namespaces) {
        MemoryRegistry registry = new MemoryRegistry();
        SampleImages images = new SampleImages(registry);
        Descriptor amd64 = images.image(Platform.of("linux", "amd64"));
        Descriptor arm64 = images.image(Platform.of("linux", "arm64"));
        Descriptor s390x = images.image(Platform.of("linux", "s390x"));
        images.index("amd64", amd64, images.attestation(amd64));
        images.index("both", amd64, arm64);
        images.index("three", amd64, s390x);
        images.index("s390x", s390x);
        return new AdmissionHandler(
                new WorkloadReader(),
                new WorkloadAssessor(new EngineAssessor(
                        "docker.io", new ImageResolver(registry, new DocumentReader()), new Judge())),
                new ClusterView(nodes, KeyringSource.ANONYMOUS, namespaces, TemplateDefaults.NONE),
                () -> PolicyConfig.DEFAULT,
                BackgroundVerification.NONE,
                AdmissionObserver.NONE,
                new SteeringSettings(SteeringMode.LABELED, List.of(), List.of()),
                EVENTS::add);
    }

    /** Adds a sidecar for amd64 to pods that ask for it, once. */
    private static AdmissionResponse inject(byte[] body) {
        try {
            JsonNode request = new ObjectMapper().readTree(body).path("request");
            boolean wanted = request.at("/object/metadata/labels").has(INJECT)
                    && request.at("/object/spec/containers").size() == 1;
            String patch = "[{\"op\":\"add\",\"path\":\"/spec/containers/-\",\"value\":{\"name\":\"sidecar\","
                    + "\"image\":\"registry.example/shop:amd64\"}}]";
            String answer =
                    "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":{\"uid\":"
                            + request.path("uid") + ",\"allowed\":true"
                            + (wanted
                                    ? ",\"patchType\":\"JSONPatch\",\"patch\":\""
                                            + Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8))
                                            + "\""
                                    : "")
                            + "}}";
            return new AdmissionResponse(200, "application/json", answer.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void register(String configuration, String name, String path, int port) {
        MutatingWebhook hook = new MutatingWebhookBuilder()
                .withName(name)
                .withAdmissionReviewVersions("v1")
                .withSideEffects("NoneOnDryRun")
                .withFailurePolicy("Ignore")
                .withReinvocationPolicy("IfNeeded")
                .withTimeoutSeconds(10)
                .withNewClientConfig()
                .withUrl("https://127.0.0.1:" + port + path)
                .withCaBundle(Base64.getEncoder().encodeToString(webhook.caPem().getBytes(StandardCharsets.US_ASCII)))
                .endClientConfig()
                .withNewNamespaceSelector()
                .addNewMatchExpression()
                .withKey("kubernetes.io/metadata.name")
                .withOperator("In")
                .withValues(STEERED, ELSEWHERE, WARNED)
                .endMatchExpression()
                .endNamespaceSelector()
                .addNewRule()
                .withApiGroups("")
                .withApiVersions("v1")
                .withOperations("CREATE")
                .withResources("pods")
                .endRule()
                .build();
        client.resource(new MutatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName(configuration)
                        .endMetadata()
                        .withWebhooks(hook)
                        .build())
                .serverSideApply();
    }

    private static Pod injected(String namespace, String tag) {
        return new PodBuilder(pod(namespace, tag))
                .editMetadata()
                .addToLabels(INJECT, "yes")
                .endMetadata()
                .build();
    }

    private static Pod pod(String namespace, String tag) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("pod-" + NAMES.incrementAndGet())
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .withImage("registry.example/shop:" + tag)
                .endContainer()
                .endSpec()
                .build();
    }

    private static List<NodeSelectorTerm> terms(Pod pod) {
        if (pod.getSpec().getAffinity() == null || pod.getSpec().getAffinity().getNodeAffinity() == null) {
            return List.of();
        }
        return new ArrayList<>(pod.getSpec()
                .getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms());
    }

    private static void namespace(String name, Map<String, String> labels) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
    }

    private static void node(String name, String architecture) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels(Map.of(
                                "test", "steering", "kubernetes.io/os", "linux", "kubernetes.io/arch", architecture))
                        .endMetadata()
                        .build())
                .create();
    }
}
