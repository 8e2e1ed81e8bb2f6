package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.admission.Admissions.Answer;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.Settings;
import dev.stowage.platform.Platform;
import dev.stowage.testing.Reviews;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.PodTemplate;
import dev.stowage.workload.WorkloadReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values of docs/custom-workloads.md, with an object of each kind. */
class CustomWorkloadsPageTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern VALUES = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final String AMD64 = "registry.example/shop:amd64";
    private static final String BOTH = "registry.example/shop:both";

    /** An object of a kind, and the paths of its pod templates in their order. */
    record Example(String apiVersion, String kind, String spec, List<String> paths) {
        @Override
        public String toString() {
            return kind + " of " + apiVersion;
        }

        /** With one image in its last template, and another in the others. */
        String object(String others, String last) {
            int at = spec.lastIndexOf('#');
            String text = spec.substring(0, at).replace("#", pods(others)) + pods(last) + spec.substring(at + 1);
            return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: thing}\nspec: " + text + "\n";
        }

        private String pods(String image) {
            // Knative needs no name
            String name = kind.equals("Service") ? "" : "name: app, ";
            return "spec: {containers: [{" + name + "image: '" + image + "'}]}";
        }
    }

    static Stream<Example> examples() {
        String cluster =
                "{headGroupSpec: {template: {#}}, workerGroupSpecs: [{groupName: a, template: {#}}, {groupName: b, template: {#}}]}";
        return Stream.of(
                example("argoproj.io/v1alpha1", "Rollout", "{template: {#}}"),
                example("serving.knative.dev/v1", "Service", "{template: {#}}"),
                example(
                        "leaderworkerset.x-k8s.io/v1",
                        "LeaderWorkerSet",
                        "{replicas: 2, leaderWorkerTemplate: {size: 4, leaderTemplate: {#}, workerTemplate: {#}}}",
                        "spec.leaderWorkerTemplate.leaderTemplate.spec",
                        "spec.leaderWorkerTemplate.workerTemplate.spec"),
                example(
                        "ray.io/v1",
                        "RayCluster",
                        cluster,
                        "spec.headGroupSpec.template.spec",
                        "spec.workerGroupSpecs[0].template.spec",
                        "spec.workerGroupSpecs[1].template.spec"),
                example(
                        "ray.io/v1",
                        "RayJob",
                        "{entrypoint: x, rayClusterSpec: " + cluster + ", submitterPodTemplate: {#}}",
                        "spec.rayClusterSpec.headGroupSpec.template.spec",
                        "spec.rayClusterSpec.workerGroupSpecs[0].template.spec",
                        "spec.rayClusterSpec.workerGroupSpecs[1].template.spec",
                        "spec.submitterPodTemplate.spec"),
                example(
                        "ray.io/v1",
                        "RayService",
                        "{serveConfigV2: text, rayClusterConfig: {headGroupSpec: {template: {#}}}}",
                        "spec.rayClusterConfig.headGroupSpec.template.spec"),
                example(
                        "jobset.x-k8s.io/v1alpha2",
                        "JobSet",
                        "{replicatedJobs: [{name: a, template: {spec: {template: {#}}}}, {name: b, template: {spec: {template: {#}}}}]}",
                        "spec.replicatedJobs[0].template.spec.template.spec",
                        "spec.replicatedJobs[1].template.spec.template.spec"),
                example(
                        "kubeflow.org/v1",
                        "PyTorchJob",
                        "{pytorchReplicaSpecs: {Master: {replicas: 1, template: {#}}, Worker: {template: {#}}}}",
                        "spec.pytorchReplicaSpecs.Master.template.spec",
                        "spec.pytorchReplicaSpecs.Worker.template.spec"),
                example(
                        "kubeflow.org/v1",
                        "TFJob",
                        "{tfReplicaSpecs: {PS: {template: {#}}, Worker: {template: {#}}}}",
                        "spec.tfReplicaSpecs.PS.template.spec",
                        "spec.tfReplicaSpecs.Worker.template.spec"),
                example(
                        "kubeflow.org/v2beta1",
                        "MPIJob",
                        "{slotsPerWorker: 1, mpiReplicaSpecs: {Launcher: {template: {#}}, Worker: {template: {#}}}}",
                        "spec.mpiReplicaSpecs.Launcher.template.spec",
                        "spec.mpiReplicaSpecs.Worker.template.spec"),
                example("apps.kruise.io/v1alpha1", "CloneSet", "{template: {#}}"),
                example("apps.kruise.io/v1beta1", "StatefulSet", "{template: {#}}"),
                example("apps.kruise.io/v1alpha1", "DaemonSet", "{template: {#}}"),
                example("keda.sh/v1alpha1", "ScaledJob", "{jobTargetRef: {template: {#}}, triggers: []}"));
    }

    private static Example example(String apiVersion, String kind, String spec, String... paths) {
        return new Example(apiVersion, kind, spec, paths.length == 0 ? List.of("") : List.of(paths));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    @DisplayName("the values of the page judge every pod template of ")
    void eachKind(Example example) throws Exception {
        List<CustomKind> kinds = kinds();
        Admissions admissions = admissions(kinds);

        assertThat(new WorkloadReader(kinds).readAll(Reviews.yaml(example.object(BOTH, BOTH))))
                .extracting(PodTemplate::path)
                .containsExactlyElementsOf(example.paths());
        assertThat(admissions.answer(Reviews.create(example.object(BOTH, BOTH))).warnings())
                .isEmpty();
        assertThat(admissions.lastOutcome().policy()).hasSize(example.paths().size());
        Answer denied = admissions.answer(Reviews.create(example.object(BOTH, AMD64)));
        assertThat(denied.allowed()).isFalse();
        assertThat(denied.message())
                .contains(example.paths().get(example.paths().size() - 1))
                .contains(AMD64 + " cannot run on 1 of 2 eligible nodes");
    }

    @Test
    @DisplayName("every kind of the page has an example, and a rule for its objects")
    void complete() throws Exception {
        Map<String, List<String>> rules = new LinkedHashMap<>();
        for (JsonNode block : blocks()) {
            for (JsonNode rule : block.at("/webhook/extraRules")) {
                rule.path("resources").forEach(resource -> rules.computeIfAbsent(
                                rule.at("/apiGroups/0").asText(), group -> new ArrayList<>())
                        .add(resource.asText()));
                assertThat(rule.path("operations")).hasSize(2);
            }
        }

        assertThat(kinds().stream()
                        .map(kind -> kind.group() + "/" + kind.kind())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(examples()
                        .map(example -> example.apiVersion().replaceFirst("/.*", "/") + example.kind())
                        .toList());
        assertThat(kinds()).allSatisfy(kind -> assertThat(rules.get(kind.group()))
                .contains(kind.kind().toLowerCase(Locale.ROOT) + "s"));
    }

    private static Admissions admissions(List<CustomKind> kinds) {
        Admissions admissions = new Admissions();
        admissions.customKinds = kinds;
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");
        admissions.images.index("amd64", admissions.images.image(Platform.of("linux", "amd64")));
        admissions.images.index(
                "both",
                admissions.images.image(Platform.of("linux", "amd64")),
                admissions.images.image(Platform.of("linux", "arm64")));
        return admissions;
    }

    private static List<CustomKind> kinds() throws Exception {
        List<CustomKind> kinds = new ArrayList<>();
        for (JsonNode block : blocks()) {
            String configuration = YAML.writeValueAsString(Map.of("stowage", block.path("config")));
            kinds.addAll(Settings.of(
                            new ConfigLoader(Map.of()).parse("page", configuration),
                            "page",
                            Settings.Place.CLUSTER,
                            Map.of())
                    .workloads()
                    .customKinds());
        }
        return kinds;
    }

    private static List<JsonNode> blocks() throws Exception {
        List<JsonNode> blocks = new ArrayList<>();
        for (String block : VALUES.matcher(Files.readString(Path.of("docs/custom-workloads.md")))
                .results()
                .map(match -> match.group(1))
                .toList()) {
            blocks.add(YAML.readTree(block));
        }
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(8);
        return blocks;
    }
}
