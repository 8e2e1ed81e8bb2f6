package dev.stowage.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.testing.MemoryRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds that are not Kubernetes' own, without configuration. */
class CustomResourcesTest {

    private static final String PLATFORMS = "--platform=linux/amd64,linux/arm64";
    private static final String CONTAINERS = "spec: {containers: [{name: app, image: 'r.example/app:amd64'}]}";

    private final MemoryRegistry registry = new MemoryRegistry();

    @BeforeEach
    void images() {
        SampleImages images = new SampleImages(registry);
        images.index("amd64", images.image(Platform.of("linux", "amd64")));
        images.index("both", images.image(Platform.of("linux", "amd64")), images.image(Platform.of("linux", "arm64")));
        images.index("s390x", images.image(Platform.of("linux", "s390x")));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "argoproj.io/v1alpha1           | Rollout         | {template: {#}}                                                 | spec.template.spec",
                "serving.knative.dev/v1         | Service         | {template: {#}}                                                 | spec.template.spec",
                "jobset.x-k8s.io/v1alpha2       | JobSet          | {replicatedJobs: [{name: a}, {template: {spec: {template: {#}}}}]} | spec.replicatedJobs[1].template.spec.template.spec",
                "ray.io/v1                      | RayCluster      | {headGroupSpec: {template: {#}}}                                | spec.headGroupSpec.template.spec",
                "kubeflow.org/v1                | PyTorchJob      | {pytorchReplicaSpecs: {Worker: {template: {#}}}}                | spec.pytorchReplicaSpecs.Worker.template.spec",
                "serving.knative.dev/v1         | Configuration   | {template: {spec: {containers: [{image: 'r.example/app:amd64'}]}}} | spec.template.spec",
                "extensions/v1beta1             | Deployment      | {template: {#}}                                                 | spec.template.spec",
                "batch.volcano.sh/v1alpha1      | Job             | {tasks: [{name: a, template: {#}}]}                             | spec.tasks[0].template.spec",
                "work.open-cluster-management.io/v1 | ManifestWork | {workload: {manifests: [{apiVersion: apps/v1, kind: Deployment, spec: {template: {#}}}]}} | spec.workload.manifests[0].spec.template.spec",
                "serving.kserve.io/v1beta1      | InferenceService | {predictor: {containers: [{name: app, image: 'r.example/app:amd64'}]}} | spec.predictor",
                "keda.sh/v1alpha1               | ScaledJob       | {jobTargetRef: {template: {#}}}                                 | spec.jobTargetRef.template.spec",
                "apps.kruise.io/v1alpha1        | CloneSet        | {template: {#}}                                                 | spec.template.spec"
            })
    @DisplayName("pod templates are found by their shape, and the source names the path: ")
    void podTemplates(String apiVersion, String kind, String spec, String path) throws Exception {
        CommandRun.Result result = check(object(apiVersion, kind, spec.replace("#", CONTAINERS)), "-o", "json");

        assertThat(result.code()).isEqualTo(1);
        JsonNode first = new ObjectMapper().readTree(result.out()).get(0);
        assertThat(first.at("/source/kind").asText()).isEqualTo(kind);
        assertThat(first.at("/source/container").asText()).isEqualTo(kind.equals("Configuration") ? "" : "app");
        assertThat(first.at("/source/path").asText()).isEqualTo(path);
        assertThat(check(object(apiVersion, kind, spec.replace("#", CONTAINERS)))
                        .out())
                .contains("in " + kind + " thing (" + (kind.equals("Configuration") ? path : "app in " + path) + ")");
    }

    @Test
    @DisplayName("each template is checked for its own nodes")
    void ownRules() throws Exception {
        String spec =
                "{leader: {spec: {nodeSelector: {kubernetes.io/arch: amd64}, containers: [{name: app, image: 'r.example/app:amd64'}]}},"
                        + " worker: {spec: {containers: [{name: app, image: 'r.example/app:both'}]}}}";

        CommandRun.Result result = check(object("example.io/v1", "Thing", spec), "-o", "json");

        assertThat(result.code()).isZero();
        assertThat(rows(result))
                .containsExactly("app linux/amd64 Runs", "app linux/amd64 Runs", "app linux/arm64 Runs");
    }

    @ParameterizedTest(name = "{1} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "monitoring.coreos.com/v1   | Prometheus   | {image: 'r.example/app:s390x'}                                      | spec.image",
                "monitoring.coreos.com/v1   | Alertmanager | {image: r.example/app, tag: s390x}                                  | spec.image",
                "ceph.rook.io/v1            | CephCluster  | {cephVersion: {image: 'r.example/app:s390x'}}                       | spec.cephVersion.image",
                "postgresql.cnpg.io/v1      | Cluster      | {imageName: 'r.example/app:s390x'}                                  | spec.imageName",
                "example.io/v1              | Thing        | {sidecarImage: {repository: r.example/app, tag: s390x}}             | spec.sidecarImage",
                "example.io/v1              | Thing        | {image: {registry: r.example, repository: app, tag: s390x}}         | spec.image",
                "example.io/v1              | Thing        | {repository: r.example, image: app, tag: s390x}                     | spec.image",
                "tekton.dev/v1              | Task         | {steps: [{name: a, image: 'r.example/app:s390x', script: x}]}       | spec.steps[0].image",
                "argoproj.io/v1alpha1       | Workflow     | {templates: [{container: {image: 'r.example/app:s390x'}}]}          | spec.templates[0].container.image"
            })
    @DisplayName("images outside pod templates are found: ")
    void images(String apiVersion, String kind, String spec, String path) throws Exception {
        CommandRun.Result result = check(object(apiVersion, kind, spec), "-o", "json");

        assertThat(result.code()).as(result.err()).isEqualTo(1);
        assertThat(rows(result)).containsExactly(path + " linux/amd64 DoesNotRun", path + " linux/arm64 DoesNotRun");
        assertThat(check(object(apiVersion, kind, spec)).out()).contains("in " + kind + " thing (" + path + ")");

        CommandRun.Result without = check(object(apiVersion, kind, spec), "--no-custom-images");
        assertThat(without.code()).isZero();
        assertThat(without.err()).contains("nothing to check; 1 object without pods passed over");
    }

    @Test
    @DisplayName("where their pods run is not known, so one platform is enough, with a warning")
    void onePlatformIsEnough() throws Exception {
        CommandRun.Result result =
                check(object("example.io/v1", "Thing", "{image: 'r.example/app:amd64'}"), "-o", "json");

        assertThat(result.code()).isZero();
        assertThat(rows(result)).containsExactly("spec.image linux/amd64 Runs");
        assertThat(new ObjectMapper().readTree(result.out()).at("/0/message").asText())
                .isEqualTo("not on linux/arm64; where its pods may run is not known");
        assertThat(check(object("example.io/v1", "Thing", "{image: 'r.example/app:gone'}"))
                        .code())
                .as("it may not be an image at all")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{image: ubuntu-2204}",
                "{image: projects/debian-cloud/global/images/debian-12}",
                "{image: 'https://images.example/picture'}",
                "{image: images.example/logo.png}",
                "{backgroundImage: 'images.example/logo'}",
                "{machineImage: ami-0123456789}",
                "{image: {id: x, sku: y}}",
                "{image: {repository: r.example/app}}",
                "{image: {repository: r.example/app, tag: 1.10}}",
                "{repository: r.example, image: app}",
                "{image: '{{inputs.parameters.image}}'}",
                "{image: '$(params.image)'}",
                "{pattern: {containers: [{name: '*', image: '*:latest'}]}}",
                "{build: {output: {image: 'r.example/app:s390x'}}}",
                "{image: 5, other: {image: [a, b]}}",
                "{image: ''}"
            })
    @DisplayName("what is not clearly an image is passed over without a word")
    void otherImages(String spec) {
        CommandRun.Result result = check(object("example.io/v1", "Thing", spec));

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("nothing to check; 1 object without pods passed over");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v1                            | ConfigMap                | data",
                "apiextensions.k8s.io/v1       | CustomResourceDefinition | spec",
                "kustomize.config.k8s.io/v1    | Kustomization            | spec",
                "skaffold/v4beta11             | Config                   | build"
            })
    @DisplayName("kinds of Kubernetes and of tools are not searched")
    void notCustom(String apiVersion, String kind, String field) {
        String object = object(apiVersion, kind, "{image: 'r.example/app:s390x', template: {" + CONTAINERS + "}}")
                .replace("spec: {image", field + ": {image");

        assertThat(check(object).err()).contains("nothing to check; 1 object without pods passed over");
    }

    @Test
    @DisplayName("parameters and placeholders are left alone, and it says so")
    void parameters() {
        CommandRun.Result parameter = check(
                object("example.io/v1", "Thing", "{spec: {containers: [{name: app, image: '{{inputs.image}}'}]}}"));
        CommandRun.Result gateway =
                check("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: gw}\nspec:\n  template:\n"
                        + "    metadata: {labels: {sidecar.istio.io/inject: 'true'}}\n"
                        + "    spec: {containers: [{name: istio-proxy, image: auto}]}\n");

        assertThat(parameter.code()).isZero();
        assertThat(parameter.err()).contains("Thing thing: 1 image(s) that a controller fills in left alone");
        assertThat(gateway.code()).isZero();
        assertThat(gateway.err()).contains("Deployment gw: 1 image(s) that a controller fills in left alone");
    }

    @Test
    @DisplayName("a pod spec next to an image, as Prometheus has it, is checked by its rules and the image by itself")
    void both() throws Exception {
        CommandRun.Result result = check(
                object(
                        "monitoring.coreos.com/v1",
                        "Prometheus",
                        "{image: 'r.example/app:both', nodeSelector: {kubernetes.io/arch: amd64},"
                                + " containers: [{name: proxy, image: 'r.example/app:amd64'}]}"),
                "-o",
                "json");

        assertThat(result.code()).isZero();
        assertThat(rows(result))
                .containsExactly(
                        "proxy linux/amd64 Runs", "spec.image linux/amd64 Runs", "spec.image linux/arm64 Runs");
    }

    private static List<String> rows(CommandRun.Result result) throws Exception {
        List<String> rows = new ArrayList<>();
        for (JsonNode check : new ObjectMapper().readTree(result.out())) {
            rows.add(check.at("/source/container").asText() + " "
                    + check.get("platform").asText() + " "
                    + check.get("verdict").asText());
        }
        return rows;
    }

    private CommandRun.Result check(String manifest, String... options) {
        List<String> arguments = new ArrayList<>(List.of("check", "-f", "-", PLATFORMS));
        arguments.addAll(List.of(options));
        return CommandRun.with(registry).input(manifest).run(arguments.toArray(String[]::new));
    }

    private static String object(String apiVersion, String kind, String spec) {
        return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: thing}\nspec: " + spec + "\n";
    }
}
