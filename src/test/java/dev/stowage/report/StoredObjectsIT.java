package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.cluster.watch.NamespaceInformer;
import dev.stowage.cluster.watch.NodeInformer;
import dev.stowage.kube.PagedList;
import dev.stowage.kube.StoredObjects;
import dev.stowage.node.NodeFacts;
import dev.stowage.report.api.ImageReport;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Objects that the API server stores and that are too large or too odd for most readers: the others are reported on all the same. */
@RequiresApiServer
@OneKubernetesVersion
class StoredObjectsIT {

    private static final String WEB = "registry.example/shop/web:1";
    private static final String API = "registry.example/shop/api:2";
    private static final String ODD = "registry.example/shop/odd:1";

    @TempDir
    private Path folder;

    private ApiServer server;
    private ReportWorld world;

    @BeforeEach
    void begin() throws Exception {
        server = ApiServer.shared();
        world = new ReportWorld(server);
        ReportWorld.installCrd(world.client);
        List.of("1", "2").forEach(tag -> world.registry.push(tag, "linux/amd64"));
    }

    @AfterEach
    void end() throws Exception {
        // the client that begins with a list could not read it
        world.client.raw(deployments(), "DELETE", Map.of());
        world.close();
    }

    /** What makes a Deployment of 1.35 MB. */
    enum Weight {
        AFFINITY {
            @Override
            void add(Map<String, Object> podSpec) {
                podSpec.put(
                        "affinity",
                        Map.of(
                                "nodeAffinity",
                                Map.of(
                                        "requiredDuringSchedulingIgnoredDuringExecution",
                                        Map.of(
                                                "nodeSelectorTerms",
                                                List.of(Map.of(
                                                        "matchExpressions",
                                                        List.of(
                                                                Map.of(
                                                                        "key",
                                                                        "a",
                                                                        "operator",
                                                                        "In",
                                                                        "values",
                                                                        many(130_000)))))))));
            }
        },
        NODE_SELECTOR {
            @Override
            void add(Map<String, Object> podSpec) {
                podSpec.put("nodeSelector", many(40_000).stream().collect(Collectors.toMap(key -> key, key -> "")));
            }
        },
        TOLERATIONS {
            @Override
            void add(Map<String, Object> podSpec) {
                podSpec.put(
                        "tolerations",
                        IntStream.range(0, 25_000)
                                .mapToObj(i -> Map.of("key", "k" + i, "operator", "Exists"))
                                .toList());
            }
        };

        abstract void add(Map<String, Object> podSpec);

        private static List<String> many(int count) {
            return IntStream.range(0, count).mapToObj(i -> "v" + i).toList();
        }
    }

    @ParameterizedTest
    @EnumSource(Weight.class)
    @DisplayName(
            "24 Deployments of more than a megabyte: a leader with 256 MiB goes on, and claims nothing of where they run")
    void heavyDeployments(Weight weight) throws Exception {
        IntStream.range(0, 24).forEach(i -> create(heavy("heavy-" + i, ODD, weight)));
        world.deploy("web", WEB);

        try (OperatorProcess operator = process()) {
            world.await(WEB, "Compatible");
            world.await("the heavy ones to be reported", () -> world.report(ODD)
                    .map(ImageReport::getStatus)
                    .filter(status -> status.usedByTotal() != null && status.usedByTotal() == 24)
                    .isPresent());
            ImageReport odd = world.report(ODD).orElseThrow();
            // the image is known, the nodes of its pods are not
            assertThat(odd.getStatus().checkedPlatforms()).isEmpty();
            assertThat(operator.runs()).isTrue();
            assertThat(operator.output()).contains(world.namespace + "/heavy-0").doesNotContain("OutOfMemoryError");
        }
    }

    @Test
    @DisplayName("a list of heavy objects comes in pages as large as the memory allows, and whole")
    void pages() {
        IntStream.range(0, 12).forEach(i -> create(heavy("heavy-" + i, ODD, Weight.AFFINITY)));
        List<String> names = new ArrayList<>();
        PagedList.forEach(
                StoredObjects.typed(world.client).apps().deployments().inNamespace(world.namespace),
                deployment -> names.add(deployment.getMetadata().getName()));

        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 12).mapToObj(i -> "heavy-" + i).toList());
    }

    @Test
    @DisplayName("nodes and namespaces with managed fields 1,100 levels deep are known")
    void deepNodesAndNamespaces() throws Exception {
        String node = "deep-" + world.namespace;
        world.client.raw("/api/v1/nodes", "POST", """
                {"metadata":{"name":"%s","managedFields":%s},"status":{"nodeInfo":{"operatingSystem":"linux",\
                "architecture":"amd64"}}}""".formatted(node, deepFields("v1")));
        world.client.raw("/api/v1/namespaces", "POST", """
                {"metadata":{"name":"%s","labels":{"stowage.dev/mode":"warn"},"managedFields":%s}}""".formatted(node, deepFields("v1")));
        try (NodeInformer nodes = new NodeInformer(world.client, List.of(), Clock.systemUTC());
                NamespaceInformer namespaces = new NamespaceInformer(world.client, Clock.systemUTC())) {
            nodes.start();
            namespaces.start();
            world.await("both lists", () -> nodes.synced() && namespaces.synced());

            assertThat(nodes.nodes()).extracting(NodeFacts::name).contains(node);
            assertThat(namespaces.modeOf(node)).contains("warn");
        } finally {
            world.client.raw("/api/v1/nodes/" + node, "DELETE", Map.of());
            world.client.raw("/api/v1/namespaces/" + node, "DELETE", Map.of());
        }
    }

    @Test
    @DisplayName("3,000 images in one Deployment: the first ones are reported")
    void manyImages() throws Exception {
        Deployment many = world.deployment("many", WEB);
        many.getSpec()
                .getTemplate()
                .getSpec()
                .setContainers(IntStream.range(0, 3000)
                        .mapToObj(i -> new ContainerBuilder()
                                .withName("c" + i)
                                .withImage("registry.example/shop/web:v" + i)
                                .build())
                        .toList());
        world.client.resource(many).create();
        world.deploy("web", WEB);

        try (OperatorProcess operator = process()) {
            world.await(WEB, "Compatible");
            world.await("the first images", () -> world.reports().size() == 201);
            assertThat(operator.output()).contains(world.namespace + "/many").contains("the last 2800 of them");
        }
    }

    @Test
    @DisplayName("a field name of 60,000 characters, and managed fields 520 levels deep: lists and watches go on")
    void poisonedDeployments() throws Exception {
        create(longName("long", ODD));
        create(deepManagedFields("deep", ODD));
        world.deploy("web", WEB);
        world.operator();
        world.await(WEB, "Compatible");
        world.await(ODD, "Compatible");

        create(longName("long-2", ODD));
        create(deepManagedFields("deep-2", ODD));
        world.deploy("api", API);

        world.await(API, "Compatible");
        world.await("the odd ones", () -> world.report(ODD)
                .map(ImageReport::getStatus)
                .filter(status -> status.usedByTotal() == 4)
                .isPresent());
    }

    @Test
    @DisplayName("objects of a custom kind with anything in them: the images that can be read are reported")
    void poisonedCustomKind() throws Exception {
        CustomWorkloadsIT.installRollouts(world.client);
        try {
            String deep = "{\"a\":".repeat(3_000) + "1" + "}".repeat(3_000);
            String container = "\"containers\":[{\"name\":\"app\",\"image\":\"%s\"}]".formatted(ODD);
            createRollout("deep", container + ",\"extra\":" + deep);
            createRollout("long-name", container + ",\"" + "n".repeat(60_000) + "\":1");
            createRollout(
                    "deep-affinity",
                    container + ",\"affinity\":{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":"
                            + deep + "}}");
            createRollout("no-list", "\"containers\":\"none\"");
            createRollout("honest", container.replace(ODD, WEB));
            world.operator();

            world.await(WEB, "Compatible");
            world.await("the odd ones that have images", () -> world.report(ODD)
                    .map(ImageReport::getStatus)
                    .filter(status -> status.usedByTotal() != null && status.usedByTotal() == 3)
                    .isPresent());
        } finally {
            world.client.raw(
                    "/apis/argoproj.io/v1alpha1/namespaces/" + world.namespace + "/rollouts", "DELETE", Map.of());
            CustomWorkloadsIT.removeRollouts(world.client);
        }
    }

    private void createRollout(String name, String podSpec) {
        world.client.raw(
                "/apis/argoproj.io/v1alpha1/namespaces/" + world.namespace + "/rollouts", "POST", """
                {"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","metadata":{"name":"%s"},\
                "spec":{"template":{"spec":{%s}}}}""".formatted(
                                name, podSpec));
    }

    private OperatorProcess process() throws Exception {
        return OperatorProcess.start(folder, server.kubeconfig(), world.lease(), "one", List.of("1", "2"));
    }

    private Map<String, Object> heavy(String name, String image, Weight weight) {
        Map<String, Object> deployment = map(world.deployment(name, image));
        weight.add(podSpec(deployment));
        return deployment;
    }

    /** Its managed fields have a name as long as the variable's. */
    private Map<String, Object> longName(String name, String image) {
        Map<String, Object> deployment = map(world.deployment(name, image));
        container(deployment).put("env", List.of(Map.of("name", "E".repeat(60_000), "value", "x")));
        return deployment;
    }

    private String deepManagedFields(String name, String image) {
        Map<String, Object> deployment = map(world.deployment(name, image));
        deployment.put("metadata", Map.of("name", name, "managedFields", "-"));
        return world.client.getKubernetesSerialization().asJson(deployment).replace("\"-\"", deepFields("apps/v1"));
    }

    /** Deeper than parsers go by default. */
    private static String deepFields(String apiVersion) {
        int depth = 1_100;
        return """
                [{"manager":"odd","operation":"Update","apiVersion":"%s","time":"2026-01-01T00:00:00Z",\
                "fieldsType":"FieldsV1","fieldsV1":%s{}%s}]""".formatted(apiVersion, "{\"f:a\":".repeat(depth), "}".repeat(depth));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> map(Deployment deployment) {
        return world.client.getKubernetesSerialization().convertValue(deployment, Map.class);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> podSpec(Map<String, Object> deployment) {
        return (Map<String, Object>)
                ((Map<String, Object>) ((Map<String, Object>) deployment.get("spec")).get("template")).get("spec");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> container(Map<String, Object> deployment) {
        return ((List<Map<String, Object>>) podSpec(deployment).get("containers")).get(0);
    }

    /** As JSON: a client's classes would not have all of it. */
    private void create(Object deployment) {
        world.client.raw(deployments(), "POST", deployment);
    }

    private String deployments() {
        return "/apis/apps/v1/namespaces/" + world.namespace + "/deployments";
    }
}
