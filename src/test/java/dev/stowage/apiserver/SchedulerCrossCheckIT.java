package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.cluster.watch.ClusterTemplateDefaults;
import dev.stowage.cluster.watch.NamespaceInformer;
import dev.stowage.cluster.watch.NodeInformer;
import dev.stowage.cluster.watch.RuntimeClassInformer;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import dev.stowage.steering.SteeredPods;
import dev.stowage.steering.SteeringSettings;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.zjsonpatch.JsonPatch;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of node eligibility, put to the real scheduler and the real DaemonSet controller. For each row a pod is pinned to each
 * node in turn, so that all nodes that the scheduler accepts are seen and not only the one that it prefers.
 */
@RequiresApiServer
@OneKubernetesVersion
@RequiresProgram("kube-scheduler")
@RequiresProgram("kube-controller-manager")
class SchedulerCrossCheckIT {

    private static final String PODS = "crosscheck-pods";
    private static final String ANNOTATED = "crosscheck-annotated";
    private static final String BOUND = "crosscheck-bound";
    private static final String DAEMONS = "crosscheck-daemons";
    private static final String ROW = "row";
    private static final String STEERED = "steered";
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final List<String> NAMESPACES = List.of(PODS, ANNOTATED, BOUND, DAEMONS);

    private static KubernetesClient client;
    private static ControlPlane scheduler;
    private static ControlPlane controllers;
    private static NodeInformer nodes;
    private static NamespaceInformer namespaces;
    private static RuntimeClassInformer runtimeClasses;

    /** Row to the nodes where its pods were put. */
    private static final Map<String, Set<String>> ACCEPTED = new HashMap<>();

    private static final Map<String, Set<String>> ACCEPTED_DAEMONS = new HashMap<>();

    /** Row and architecture of the image to the nodes where its steered pods were put; only rows whose pods were steered. */
    private static final Map<String, Set<String>> ACCEPTED_STEERED = new HashMap<>();

    private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

    static List<EligibilityRow> rows() {
        return EligibilityRow.all();
    }

    @BeforeAll
    static void start() throws Exception {
        ApiServer server = ApiServer.shared();
        scheduler = ControlPlane.start(server, "kube-scheduler");
        controllers = ControlPlane.start(server, "kube-controller-manager", "--controllers=daemonset-controller");
        client = server.client();
        NineNodes.create(client);
        NAMESPACES.forEach(SchedulerCrossCheckIT::namespace);
        runtimeClass("crosscheck", "arm64");
        watch();
        rows().forEach(SchedulerCrossCheckIT::create);
        long steered = 0;
        for (EligibilityRow row : rows()) {
            for (String architecture : ARCHITECTURES) {
                steered += createSteered(row, architecture);
            }
        }
        assertThat(steered).as("steered pods").isGreaterThan(10L * NineNodes.NAMES.size());
        long pinned = steered + rows().stream().filter(row -> !row.bypasses()).count() * NineNodes.NAMES.size();
        awaitPods(pods -> pods.size() == pinned && pods.stream().allMatch(SchedulerCrossCheckIT::isAnswered));
        awaitDaemons();
        collect();
    }

    @AfterAll
    static void stop() throws Exception {
        if (client != null) {
            NAMESPACES.forEach(name -> client.namespaces().withName(name).delete());
            client.resources(io.fabric8.kubernetes.api.model.node.v1.RuntimeClass.class)
                    .withName("crosscheck")
                    .delete();
            NAMESPACES.forEach(name -> {
                client.apps().daemonSets().inNamespace(name).delete();
                client.pods().inNamespace(name).withGracePeriod(0).delete();
            });
            NineNodes.delete(client);
        }
        for (AutoCloseable each :
                new AutoCloseable[] {nodes, namespaces, runtimeClasses, scheduler, controllers, client}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theSchedulerAcceptsWhatTheTableSays(EligibilityRow row) {
        assertThat(ACCEPTED.get(row.label())).isEqualTo(row.pod());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aSteeredPodIsAcceptedByTheSameNodesThatRunItsImageAndNoOther(EligibilityRow row) {
        for (String architecture : ARCHITECTURES) {
            Set<String> accepted = ACCEPTED_STEERED.get(row.label() + architecture);
            if (accepted != null) {
                Set<String> expected = new TreeSet<>(ACCEPTED.get(row.label()));
                expected.removeIf(node -> !NineNodes.isLabeled(node, architecture));
                assertThat(accepted).as(architecture).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void daemonsLandWhereTheTableSays(EligibilityRow row) {
        assertThat(ACCEPTED_DAEMONS.getOrDefault(row.label(), Set.of())).isEqualTo(row.daemonSet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void stowageSaysTheSameOfPodsAndCountsWhatComesBack(EligibilityRow row) {
        Pod admitted = client.resource(pod(row, row.label() + "-dry", Optional.empty()))
                .dryRun()
                .create();

        assertThat(names(read(admitted))).isEqualTo(row.ours());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void stowageSaysTheSameOfTemplates(EligibilityRow row) {
        Workload template = read(
                Serialization.unmarshal(template("Deployment", row, row.label(), namespaceOf(row)), HasMetadata.class));
        ClusterTemplateDefaults defaults = new ClusterTemplateDefaults(namespaces, runtimeClasses);

        assertThat(names(defaults.applyTo(template))).isEqualTo(row.ours());
        assertThat(defaults.refusal(template)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void stowageSaysTheSameOfDaemonSets(EligibilityRow row) {
        Workload template = read(
                Serialization.unmarshal(template("DaemonSet", row, row.label(), namespaceOf(row)), HasMetadata.class));
        ClusterTemplateDefaults defaults = new ClusterTemplateDefaults(namespaces, runtimeClasses);

        assertThat(names(defaults.applyTo(template))).isEqualTo(row.oursOfDaemonSet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void whatTheSchedulerAcceptsIsNeverOverlooked(EligibilityRow row) {
        // except with spec.os: there a kubelet refuses what the scheduler puts on its node
        if (!row.label().equals("spec-os-name-windows-tolerate-all")) {
            assertThat(row.ours()).containsAll(ACCEPTED.get(row.label()));
        }
        Set<String> more = new TreeSet<>(row.ours());
        more.removeAll(ACCEPTED.get(row.label()));
        assertThat(EligibilityRow.PASSING).containsAll(more);
    }

    @Test
    @DisplayName("zero terms and unknown operators do not pass the API server")
    void refusedByTheApiServer() {
        for (String terms : List.of(
                "", "{matchExpressions: [" + EligibilityRow.expression("kubernetes.io/arch", "Is", "[amd64]") + "]}")) {
            EligibilityRow row =
                    new EligibilityRow("refused", EligibilityRow.terms(terms), Set.of(), Set.of(), Set.of());
            Pod pod = pod(row, "refused", Optional.empty());
            assertThatThrownBy(() -> client.resource(pod).dryRun().create()).hasMessageContaining("nodeSelectorTerms");
        }
    }

    @Test
    @DisplayName("a RuntimeClass or a namespace that contradicts the pod: the API server refuses, and Stowage says so")
    void contradictions() {
        assertRefused("runtimeClassName: crosscheck\nnodeSelector: {kubernetes.io/arch: amd64}\n", "conflict");
        assertRefused(
                EligibilityRow.NAMESPACED + "\nnodeSelector: {kubernetes.io/arch: arm64}\n",
                "conflicts with its namespace");
        assertRefused("runtimeClassName: gone\n", "not found");
    }

    private static void assertRefused(String spec, String said) {
        EligibilityRow row = new EligibilityRow("contradiction", spec, Set.of(), Set.of(), Set.of());
        Pod pod = pod(row, "contradiction", Optional.empty());
        assertThatThrownBy(() -> client.resource(pod).dryRun().create()).hasMessageContaining(said);
        Workload template = read(Serialization.unmarshal(
                template("Deployment", row, "contradiction", namespaceOf(row)), HasMetadata.class));
        assertThat(new ClusterTemplateDefaults(namespaces, runtimeClasses).refusal(template))
                .as(spec)
                .isPresent();
    }

    private static void namespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToAnnotations(
                                name.equals(ANNOTATED)
                                        ? Map.of(
                                                "scheduler.alpha.kubernetes.io/node-selector",
                                                "kubernetes.io/arch=amd64")
                                        : Map.of())
                        .endMetadata()
                        .build())
                .create();
    }

    private static void runtimeClass(String name, String architecture) {
        client.resource(new io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withHandler("runc")
                        .withNewScheduling()
                        .addToNodeSelector("kubernetes.io/arch", architecture)
                        .addNewToleration(null, "arch", "Exists", null, null)
                        .endScheduling()
                        .build())
                .create();
    }

    private static void watch() {
        nodes = new NodeInformer(client, List.of(), Clock.systemUTC());
        namespaces = new NamespaceInformer(client, Clock.systemUTC());
        runtimeClasses = new RuntimeClassInformer(client, Clock.systemUTC());
        nodes.start();
        namespaces.start();
        runtimeClasses.start();
        await(
                "the informers",
                PATIENCE,
                SchedulerCrossCheckIT::lastWords,
                () -> nodes.synced() && namespaces.synced() && runtimeClasses.synced());
    }

    private static void create(EligibilityRow row) {
        if (row.bypasses()) {
            client.resource(pod(row, row.label(), Optional.empty())).create();
        } else {
            NineNodes.NAMES.forEach(node -> client.resource(pod(row, row.label() + "-" + node, Optional.of(node)))
                    .create());
        }
        client.resource(Serialization.unmarshal(
                        template("DaemonSet", row, row.label(), row.namespaced() ? ANNOTATED : DAEMONS),
                        DaemonSet.class))
                .create();
    }

    /** Creates pods of an image for one architecture, patched as the mutating webhook would; how many, if it would patch them. */
    private static int createSteered(EligibilityRow row, String architecture) {
        SteeredPods pods = new SteeredPods(
                SteeringSettings.OFF,
                nine(),
                (image, profile) -> profile.platform().os().equals("linux")
                                && profile.platform().architecture().equals(architecture)
                        ? new Verdict.Runs(List.of())
                        : new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "lacks it"),
                image -> ImageContents.UNKNOWN);
        Pod admitted = client.resource(pod(row, row.label() + "-" + architecture, Optional.empty()))
                .dryRun()
                .create();
        JsonNode patch = pods.patch(json(admitted));
        if (patch.isEmpty() || row.bypasses()) {
            return 0;
        }
        ACCEPTED_STEERED.put(row.label() + architecture, new TreeSet<>());
        for (String node : NineNodes.NAMES) {
            Pod plain = pod(row, row.label() + "-" + architecture + "-" + node, Optional.of(node));
            Pod patched =
                    Serialization.unmarshal(JsonPatch.apply(patch, json(plain)).toString(), Pod.class);
            patched.getMetadata().getLabels().put(STEERED, architecture);
            client.resource(patched).create();
        }
        return NineNodes.NAMES.size();
    }

    private static Pod pod(EligibilityRow row, String name, Optional<String> node) {
        Pod pod = Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + namespaceOf(row)
                        + ", labels: {" + ROW + ": " + row.label() + ", pinned: \"" + node.isPresent()
                        + "\"}}\nspec:\n" + spec(row, "  "),
                Pod.class);
        node.ifPresent(pinned -> {
            Map<String, String> selector = new HashMap<>(
                    pod.getSpec().getNodeSelector() == null
                            ? Map.of()
                            : pod.getSpec().getNodeSelector());
            selector.put(NineNodes.PIN, pinned);
            pod.getSpec().setNodeSelector(selector);
        });
        return pod;
    }

    private static String template(String kind, EligibilityRow row, String name, String namespace) {
        return "apiVersion: apps/v1\nkind: " + kind + "\nmetadata: {name: " + name + ", namespace: " + namespace
                + "}\nspec:\n  selector: {matchLabels: {" + ROW + ": " + row.label() + ", of: daemon}}\n  template:\n"
                + "    metadata: {labels: {" + ROW + ": " + row.label() + ", of: daemon}}\n    spec:\n"
                + spec(row, "      ");
    }

    private static String spec(EligibilityRow row, String indent) {
        return (row.spec() + "containers: [{name: app, image: registry.example/app:1}]\n").indent(indent.length());
    }

    private static String namespaceOf(EligibilityRow row) {
        return row.bypasses() ? BOUND : row.namespaced() ? ANNOTATED : PODS;
    }

    private static Workload read(HasMetadata object) {
        return new WorkloadReader().read(json(object)).orElseThrow();
    }

    private static JsonNode json(HasMetadata object) {
        try {
            return new ObjectMapper().readTree(Serialization.asJson(object));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> names(Workload workload) {
        Set<String> names = new TreeSet<>();
        EligibleNodes.of(workload.scheduling(), nine()).all().forEach(node -> names.add(node.name()));
        return names;
    }

    private static List<NodeFacts> nine() {
        List<NodeFacts> nine = nodes.nodes().stream()
                .filter(node -> NineNodes.NAMES.contains(node.name()))
                .toList();
        assertThat(nine).hasSize(NineNodes.NAMES.size());
        return nine;
    }

    private static boolean isAnswered(Pod pod) {
        return isScheduled(pod) || condition(pod).map(PodCondition::getReason).equals(Optional.of("Unschedulable"));
    }

    private static boolean isScheduled(Pod pod) {
        return pod.getSpec().getNodeName() != null;
    }

    private static Optional<PodCondition> condition(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("PodScheduled"))
                .findFirst();
    }

    private static void awaitPods(Predicate<List<Pod>> condition) throws Exception {
        try {
            client.pods()
                    .inAnyNamespace()
                    .withLabel("pinned", "true")
                    .informOnCondition(condition::test)
                    .get(120, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the scheduler did not answer: " + scheduler.lastWords(), e);
        }
    }

    /** The controller is done with a set when it says so; whether its pods are scheduled is the scheduler's word again. */
    private static void awaitDaemons() {
        await(
                "the daemons' pods",
                PATIENCE,
                SchedulerCrossCheckIT::lastWords,
                () -> client.apps().daemonSets().inAnyNamespace().list().getItems().stream()
                        .allMatch(SchedulerCrossCheckIT::isSettled));
    }

    private static boolean isSettled(DaemonSet set) {
        DaemonSetStatus status = set.getStatus();
        List<Pod> pods = client.pods()
                .inNamespace(set.getMetadata().getNamespace())
                .withLabel("of", "daemon")
                .withLabel(ROW, set.getMetadata().getName())
                .list()
                .getItems();
        return status.getObservedGeneration() != null
                && status.getDesiredNumberScheduled() == pods.size()
                && pods.stream().allMatch(SchedulerCrossCheckIT::isAnswered);
    }

    private static void collect() {
        for (EligibilityRow row : rows()) {
            ACCEPTED.put(row.label(), new TreeSet<>());
            ACCEPTED_DAEMONS.put(row.label(), new TreeSet<>());
        }
        client.pods().inAnyNamespace().withLabel(ROW).list().getItems().stream()
                .filter(SchedulerCrossCheckIT::isScheduled)
                .filter(pod -> NineNodes.NAMES.contains(pod.getSpec().getNodeName()))
                .forEach(pod -> {
                    Map<String, String> labels = pod.getMetadata().getLabels();
                    String row = labels.get(ROW);
                    Map<String, Set<String>> ordinary = labels.containsKey("of") ? ACCEPTED_DAEMONS : ACCEPTED;
                    (labels.containsKey(STEERED) ? ACCEPTED_STEERED.get(row + labels.get(STEERED)) : ordinary.get(row))
                            .add(pod.getSpec().getNodeName());
                });
    }

    private static String lastWords() {
        return "the controllers: " + controllers.lastWords();
    }
}
