package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.Settings;
import dev.stowage.demo.EmbeddedRegistry;
import dev.stowage.demo.PuzzleImage;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.serve.AdmissionComponents;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperationsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the configuration file and namespaces choose, as users of a real API server meet it. */
@RequiresApiServer
class PolicyIT {

    private static final String DENIED = "denied the request: ";
    private static final String CONFIGURATION = """
            stowage:
              addresses: {allowLoopback: true}
              exemptions:
                users: [deployer]
                namespaces: ["audited-exempt"]
              customKinds:
              - {group: argoproj.io, kind: Rollout}
              - {group: argoproj.io, kind: Canary, podSpecPath: canary.spec}
              - {group: leaderworkerset.x-k8s.io, kind: LeaderWorkerSet}
            """;
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static ApiServer server;
    private static KubernetesClient client;
    private static EmbeddedRegistry registry;
    private static AdmissionComponents components;
    private static LiveWebhook webhook;

    @BeforeAll
    static void start() throws Exception {
        server = ApiServer.shared();
        client = server.client();
        registry = EmbeddedRegistry.start();
        PuzzleImage.fill(registry);
        node("policy-amd", "amd64");
        node("policy-arm", "arm64");
        crd("argoproj.io", "Rollout", "rollouts");
        crd("argoproj.io", "Canary", "canaries");
        crd("leaderworkerset.x-k8s.io", "LeaderWorkerSet", "leaderworkersets");
        namespace("policy", "enforce");
        namespace("policy-off", "off");
        namespace("audited-warn", "warn");
        namespace("audited-audit", "audit");
        namespace("audited-exempt", "enforce");
        Settings settings = Settings.of(
                new ConfigLoader(Map.of()).parse("test", CONFIGURATION), "test", Settings.Place.CLUSTER, Map.of());
        webhook = new LiveWebhook(
                client,
                (nodes, namespaces) -> {
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
                },
                new RuleWithOperationsBuilder()
                        .withApiGroups("argoproj.io", "leaderworkerset.x-k8s.io")
                        .withApiVersions("*")
                        .withOperations("CREATE", "UPDATE")
                        .withResources("rollouts", "canaries", "leaderworkersets")
                        .withScope("Namespaced")
                        .build());
        await(
                "the policy",
                () -> !admits(pod("policy", PuzzleImage.CHART)) && !admits(rollout("policy", PuzzleImage.CHART)));
    }

    @AfterAll
    static void stop() throws Exception {
        try (KubernetesClient closed = client;
                EmbeddedRegistry ended = registry) {
            webhook.close();
            components.close();
            closed.nodes().withLabel("test", "policy").delete();
        }
    }

    @Test
    @DisplayName("mode warn: admitted, and the audit log contains what enforce would have said")
    void warn() {
        JsonNode annotations = audited(pod("audited-warn", PuzzleImage.AMD64_ATTESTED));

        assertThat(annotations.path("validate.stowage.dev/violations").asText())
                .contains("cannot run on 1 of 2 eligible nodes")
                .contains("policy-arm");
        assertThat(annotations.has("validate.stowage.dev/warnings")).isFalse();
    }

    @Test
    @DisplayName("mode audit: admitted, and the audit log contains violations and warnings")
    void audit() {
        JsonNode violations = audited(pod("audited-audit", PuzzleImage.AMD64_ATTESTED));
        assertThat(violations.path("validate.stowage.dev/violations").asText()).contains("policy-arm");
        assertThat(violations.path("validate.stowage.dev/warnings").asText()).contains("linux/arm64");

        JsonNode clean = audited(pod("audited-audit", PuzzleImage.TWO_PLATFORMS));
        assertThat(clean.toString()).doesNotContain("stowage");
    }

    @Test
    @DisplayName("an exempt namespace and an exempt user are admitted, and the audit log says why")
    void exemptions() {
        assertThat(audited(pod("audited-exempt", PuzzleImage.CHART))
                        .path("validate.stowage.dev/exempt")
                        .asText())
                .isEqualTo("namespace");
        try (KubernetesClient deployer = as("deployer");
                KubernetesClient other = as("somebody")) {
            Pod pod = pod("policy", PuzzleImage.CHART);
            assertThatThrownBy(() -> other.resource(pod).create()).hasMessageContaining(DENIED);
            assertThatCode(() -> deployer.resource(pod).create()).doesNotThrowAnyException();
        }
    }

    @Test
    @DisplayName("a pod of a controller is held to one node that runs it, the same pod without a controller to all")
    void ownedPods() {
        Pod owned = owned(pod("policy", PuzzleImage.AMD64_ATTESTED), true);

        assertThat(admits(pod("policy", PuzzleImage.AMD64_ATTESTED))).isFalse();
        assertThat(admits(owned(pod("policy", PuzzleImage.AMD64_ATTESTED), false)))
                .as("an owner that does not control it")
                .isFalse();
        assertThat(admits(owned(pod("policy", PuzzleImage.AMD64_ATTESTED), true)))
                .as("an owner that a user names")
                .isFalse();
        Pod nowhere = owned(pod("policy", PuzzleImage.CHART), true);
        try (KubernetesClient controller = as("system:serviceaccount:kube-system:replicaset-controller")) {
            assertThatCode(() -> controller.resource(owned).create()).doesNotThrowAnyException();
            assertThatThrownBy(() -> controller.resource(nowhere).create())
                    .as("what runs nowhere")
                    .hasMessageContaining(DENIED);
        }
    }

    @Test
    @DisplayName("an old, wrong Deployment: its status and annotations pass, kubectl set image does not")
    void oldAndWrong() {
        namespace("policy-old", "off");
        Deployment old = client.resource(deployment("policy-old", PuzzleImage.AMD64_ATTESTED))
                .create();
        mode("policy-old", "enforce");
        await("the policy", () -> !admits(deployment("policy-old", PuzzleImage.AMD64_ATTESTED)));
        var stored = client.apps()
                .deployments()
                .inNamespace("policy-old")
                .withName(old.getMetadata().getName());

        stored.editStatus(found -> found.edit()
                .editOrNewStatus()
                .withObservedGeneration(1L)
                .withReplicas(1)
                .endStatus()
                .build());
        stored.scale(4);
        stored.patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/restartedAt\":\"now\"}}}}}");
        assertThat(stored.get().getSpec().getReplicas()).isEqualTo(4);

        assertThatThrownBy(() -> setImage(stored, PuzzleImage.ARM64_SINGLE)).hasMessageContaining(DENIED);
        assertThatCode(() -> setImage(stored, PuzzleImage.TWO_PLATFORMS)).doesNotThrowAnyException();
        assertThatThrownBy(() -> setImage(stored, PuzzleImage.AMD64_ATTESTED))
                .as("back to the old, wrong image")
                .hasMessageContaining(DENIED);
    }

    @Test
    @DisplayName("a custom kind, Argo's Rollout, is checked by its template, and scaled however wrong it is")
    void customKind() {
        assertThatThrownBy(() -> client.resource(rollout("policy", PuzzleImage.AMD64_ATTESTED))
                        .create())
                .hasMessageContaining(DENIED)
                .hasMessageContaining("pod template");
        assertThatCode(() -> client.resource(rollout("policy", PuzzleImage.TWO_PLATFORMS))
                        .create())
                .doesNotThrowAnyException();

        namespace("policy-rollout", "off");
        GenericKubernetesResource old = client.resource(rollout("policy-rollout", PuzzleImage.AMD64_ATTESTED))
                .create();
        mode("policy-rollout", "enforce");
        await("the policy", () -> !admits(rollout("policy-rollout", PuzzleImage.AMD64_ATTESTED)));
        var stored = client.resource(old);
        assertThatCode(() -> stored.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":7}}"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> stored.patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\""
                                + PuzzleImage.CHART.reference(registry.address()) + "\"}]}}}}"))
                .hasMessageContaining(DENIED);
    }

    @Test
    @DisplayName(
            "an update of a custom kind is seen wherever its pod spec stands, next to an unchanged spec.template too")
    void customKindOutsideTheTemplate() {
        GenericKubernetesResource canary =
                client.resource(canary("policy", PuzzleImage.TWO_PLATFORMS)).create();

        assertThatThrownBy(() -> client.resource(canary)
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                "{\"canary\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\""
                                        + PuzzleImage.CHART.reference(registry.address()) + "\"}]}}}"))
                .hasMessageContaining(DENIED);
        assertThatCode(() -> client.resource(canary)
                        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"))
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName(
            "a custom kind by group and kind alone: each of its pod templates is judged by its own rules, and named")
    void severalTemplates() {
        String amd64 = "nodeSelector: {kubernetes.io/arch: amd64}, ";
        GenericKubernetesResource set = client.resource(
                        leaderWorkerSet(amd64, PuzzleImage.AMD64_ATTESTED, PuzzleImage.TWO_PLATFORMS))
                .create();

        assertThatThrownBy(() -> client.resource(
                                leaderWorkerSet(amd64, PuzzleImage.AMD64_ATTESTED, PuzzleImage.AMD64_ATTESTED))
                        .create())
                .hasMessageContaining(DENIED + "pod template spec.leaderWorkerTemplate.workerTemplate.spec: container")
                .hasMessageContaining("policy-arm");
        assertThatThrownBy(
                        () -> client.resource(set)
                                .patch(
                                        PatchContext.of(PatchType.JSON_MERGE),
                                        "{\"spec\":{\"leaderWorkerTemplate\":{\"leaderTemplate\":{\"spec\":{\"nodeSelector\":null}}}}}"))
                .hasMessageContaining(DENIED + "pod template spec.leaderWorkerTemplate.leaderTemplate.spec: container");
        assertThatCode(() -> client.resource(set)
                        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":3}}"))
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("Istio's placeholder is admitted in a Deployment that asks for injection")
    void placeholder() {
        String gateway = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + freshName()
                + ", namespace: policy}\nspec:\n  selector: {matchLabels: {app: web}}\n"
                + "  template: {metadata: {labels: {app: web}, annotations: {inject.istio.io/templates: gateway}},"
                + " spec: {containers: [{name: istio-proxy, image: auto}]}}\n";

        assertThatCode(() -> client.resource(Serialization.unmarshal(gateway, Deployment.class))
                        .create())
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("a mode label that is changed to a wrong one counts as the default")
    void wrongModeLater() {
        namespace("policy-odd", "warn");
        await("the label", () -> admits(pod("policy-odd", PuzzleImage.CHART)));
        mode("policy-odd", "Warn");
        await("the label", () -> !admits(pod("policy-odd", PuzzleImage.CHART)));
        mode("policy-odd", "warn");
        await("the label", () -> admits(pod("policy-odd", PuzzleImage.CHART)));
    }

    @Test
    @DisplayName("a namespace's annotation states where its pods run; a wrong one has no effect")
    void statedPlatforms() {
        namespace("policy-stated", "enforce");
        await("the policy", () -> !admits(pod("policy-stated", PuzzleImage.AMD64_ATTESTED)));
        platforms("policy-stated", "linux/amd64");
        await("the annotation", () -> admits(pod("policy-stated", PuzzleImage.AMD64_ATTESTED)));
        platforms("policy-stated", "linux/arm64");
        await("the annotation", () -> !admits(pod("policy-stated", PuzzleImage.AMD64_ATTESTED)));
        platforms("policy-stated", "linux/amd64");
        await("the annotation", () -> admits(pod("policy-stated", PuzzleImage.AMD64_ATTESTED)));
        platforms("policy-stated", "amd64");
        await("the annotation", () -> !admits(pod("policy-stated", PuzzleImage.AMD64_ATTESTED)));
        // other tests of this API server read the logs
        platforms("policy-stated", "linux/amd64");
    }

    private static void platforms(String namespace, String value) {
        client.namespaces().withName(namespace).edit(found -> found.edit()
                .editMetadata()
                .addToAnnotations("stowage.dev/platforms", value)
                .endMetadata()
                .build());
    }

    private static KubernetesClient as(String user) {
        Config kubeconfig = Config.fromKubeconfig(server.kubeconfig());
        kubeconfig.setImpersonateUsername(user);
        kubeconfig.setImpersonateGroups("system:masters");
        return new KubernetesClientBuilder().withConfig(kubeconfig).build();
    }

    /** As {@code kubectl set image} does. */
    private static void setImage(
            io.fabric8.kubernetes.client.dsl.RollableScalableResource<Deployment> stored, PuzzleImage image) {
        stored.patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\""
                        + image.reference(registry.address()) + "\"}]}}}}");
    }

    /** Creates a pod, and the annotations that the audit log then contains of it. */
    private static JsonNode audited(Pod pod) {
        client.resource(pod).create();
        String namespace = pod.getMetadata().getNamespace();
        String name = pod.getMetadata().getName();
        await(
                "the audit log",
                () -> !server.auditLog().annotationsOf(namespace, name).isEmpty());
        return server.auditLog().annotationsOf(namespace, name).get(0);
    }

    private static boolean admits(HasMetadata object) {
        try {
            client.resource(object).dryRun().create();
            return true;
        } catch (KubernetesClientException e) {
            assertThat(e.getMessage()).contains(DENIED);
            return false;
        }
    }

    private static Pod owned(Pod pod, boolean controller) {
        return pod.edit()
                .editMetadata()
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("ReplicaSet")
                .withName("web-1")
                .withUid("705ab4f5-6393-11e8-b7cc-42010a800002")
                .withController(controller)
                .endOwnerReference()
                .endMetadata()
                .build();
    }

    private static Pod pod(String namespace, PuzzleImage image) {
        return Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: " + freshName() + ", namespace: " + namespace + "}\nspec: "
                        + podSpec(image),
                Pod.class);
    }

    private static Deployment deployment(String namespace, PuzzleImage image) {
        return Serialization.unmarshal(template("apps/v1", "Deployment", namespace, image), Deployment.class);
    }

    private static GenericKubernetesResource rollout(String namespace, PuzzleImage image) {
        return Serialization.unmarshal(
                template("argoproj.io/v1alpha1", "Rollout", namespace, image), GenericKubernetesResource.class);
    }

    private static GenericKubernetesResource canary(String namespace, PuzzleImage image) {
        return Serialization.unmarshal(
                template("argoproj.io/v1alpha1", "Canary", namespace, PuzzleImage.TWO_PLATFORMS) + "canary: {spec: "
                        + podSpec(image) + "}\n",
                GenericKubernetesResource.class);
    }

    private static GenericKubernetesResource leaderWorkerSet(String rules, PuzzleImage leader, PuzzleImage worker) {
        return Serialization.unmarshal(
                "apiVersion: leaderworkerset.x-k8s.io/v1alpha1\nkind: LeaderWorkerSet\nmetadata: {name: " + freshName()
                        + ", namespace: policy}\nspec: {replicas: 1, leaderWorkerTemplate: {leaderTemplate: {spec: "
                        + podSpec(leader).replaceFirst("\\{", "{" + rules) + "}, workerTemplate: {spec: "
                        + podSpec(worker) + "}}}\n",
                GenericKubernetesResource.class);
    }

    private static String template(String apiVersion, String kind, String namespace, PuzzleImage image) {
        return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: " + freshName() + ", namespace: "
                + namespace + "}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: web}}\n"
                + "  template: {metadata: {labels: {app: web}}, spec: " + podSpec(image) + "}\n";
    }

    private static String podSpec(PuzzleImage image) {
        return "{containers: [{name: app, image: \"" + image.reference(registry.address()) + "\"}]}";
    }

    private static String freshName() {
        return "policy-" + NAMES.incrementAndGet();
    }

    /** @param mode null for none */
    private static void namespace(String name, String mode) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(mode == null ? Map.of() : Map.of("stowage.dev/mode", mode))
                        .endMetadata()
                        .build())
                .create();
    }

    private static void mode(String namespace, String mode) {
        client.namespaces().withName(namespace).edit(found -> found.edit()
                .editMetadata()
                .addToLabels("stowage.dev/mode", mode)
                .endMetadata()
                .build());
    }

    private static void node(String name, String architecture) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("test", "policy")
                        .addToLabels("kubernetes.io/os", "linux")
                        .addToLabels("kubernetes.io/arch", architecture)
                        .endMetadata()
                        .build())
                .create();
    }

    private static void crd(String group, String kind, String plural) {
        client.resource(Serialization.unmarshal("""
                        apiVersion: apiextensions.k8s.io/v1
                        kind: CustomResourceDefinition
                        metadata: {name: "%2$s.%3$s"}
                        spec:
                          group: %3$s
                          scope: Namespaced
                          names: {kind: %1$s, plural: %2$s, singular: %2$s-one, listKind: %1$sList}
                          versions:
                          - name: v1alpha1
                            served: true
                            storage: true
                            schema:
                              openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
                        """.formatted(kind, plural, group), CustomResourceDefinition.class))
                .create();
        await(plural + " to be served", () -> {
            try {
                return client.genericKubernetesResources(group + "/v1alpha1", kind)
                                .inAnyNamespace()
                                .list()
                                .getItems()
                        != null;
            } catch (KubernetesClientException e) {
                return false;
            }
        });
    }
}
