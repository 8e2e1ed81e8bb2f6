package dev.stowage.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.node.NodeSelectorTerm;
import dev.stowage.node.Toleration;
import dev.stowage.testing.Reviews;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadReaderTest {

    private static final CustomKind ROLLOUT = new CustomKind("argoproj.io", "*", "Rollout", "spec.template.spec");

    private static final String RICH_POD_SPEC = """
            {initContainers: [
               {name: prepare, image: 'prepare:1', env: [{name: SECRET, value: x}]},
               {name: proxy, image: 'proxy:1', restartPolicy: Always}],
             containers: [
               {name: app, image: 'app:1', command: [run], resources: {limits: {cpu: 1}}},
               {name: local, image: 'local:1', imagePullPolicy: Never}],
             ephemeralContainers: [{name: debug, image: 'busybox'}],
             volumes: [
               {name: config, configMap: {name: x}},
               {name: data, image: {reference: 'data:1', pullPolicy: IfNotPresent}}],
             nodeName: '', nodeSelector: {disk: ssd},
             affinity: {podAffinity: {ignored: true}, nodeAffinity: {
               preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1}],
               requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
                 {matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}]},
                 {matchFields: [{key: metadata.name, operator: In, values: [n1]}]}]}}},
             tolerations: [{key: dedicated, operator: Exists, effect: NoSchedule, tolerationSeconds: 3}],
             os: {name: linux}, hostNetwork: true, imagePullSecrets: [{name: one}, {}, {name: two}],
             serviceAccountName: builder, runtimeClassName: gvisor, terminationGracePeriodSeconds: 30}
            """;

    private final WorkloadReader reader = new WorkloadReader(List.of(ROLLOUT));

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "v1,                    Pod,                   spec",
        "v1,                    ReplicationController, spec.template.spec",
        "v1,                    PodTemplate,           template.spec",
        "apps/v1,               Deployment,            spec.template.spec",
        "apps/v1,               ReplicaSet,            spec.template.spec",
        "apps/v1,               StatefulSet,           spec.template.spec",
        "apps/v1,               DaemonSet,             spec.template.spec",
        "batch/v1,              Job,                   spec.template.spec",
        "batch/v1,              CronJob,               spec.jobTemplate.spec.template.spec",
        "argoproj.io/v1alpha1,  Rollout,               spec.template.spec"
    })
    void everyKindIsReadWhereItsPodSpecStands(String apiVersion, String kind, String path) {
        Workload workload =
                reader.read(object(apiVersion, kind, path, RICH_POD_SPEC)).orElseThrow();

        assertThat(workload.kind()).isEqualTo(kind);
        assertThat(workload.namespace()).isEqualTo("shop");
        assertThat(workload.name()).isEqualTo("web");
        assertThat(workload.template()).isEqualTo(!kind.equals("Pod"));
        assertThat(workload.images())
                .containsExactly(
                        new ImageUse(ImageUse.Role.INIT, "prepare", "prepare:1", false),
                        new ImageUse(ImageUse.Role.SIDECAR, "proxy", "proxy:1", false),
                        new ImageUse(ImageUse.Role.MAIN, "app", "app:1", false),
                        new ImageUse(ImageUse.Role.MAIN, "local", "local:1", true),
                        new ImageUse(ImageUse.Role.EPHEMERAL, "debug", "busybox", false),
                        new ImageUse(ImageUse.Role.VOLUME, "data", "data:1", false));
        assertThat(workload.scheduling().nodeName()).isEmpty();
        assertThat(workload.scheduling().nodeSelector()).isEqualTo(Map.of("disk", "ssd"));
        assertThat(workload.scheduling().requiredAffinity())
                .contains(List.of(
                        new NodeSelectorTerm(
                                List.of(new NodeSelectorTerm.Requirement(
                                        "kubernetes.io/arch", "In", List.of("amd64", "arm64"))),
                                List.of()),
                        new NodeSelectorTerm(
                                List.of(),
                                List.of(new NodeSelectorTerm.Requirement("metadata.name", "In", List.of("n1"))))));
        assertThat(workload.scheduling().tolerations())
                .containsExactly(new Toleration("dedicated", "Exists", "", "NoSchedule"));
        assertThat(workload.scheduling().os()).contains("linux");
        assertThat(workload.scheduling().hostNetwork()).isTrue();
        assertThat(workload.scheduling().daemonSet()).isEqualTo(kind.equals("DaemonSet"));
        assertThat(workload.pullSecrets()).containsExactly("one", "two");
        assertThat(workload.serviceAccount()).isEqualTo("builder");
        assertThat(workload.runtimeClass()).contains("gvisor");
    }

    @ParameterizedTest(name = "{1} of {0}")
    @CsvSource({
        "v1,                      ConfigMap",
        "v1,                      Service",
        "batch.volcano.sh/v1,     Job",
        "serving.knative.dev/v1,  Deployment",
        "other.io/v1,             Rollout",
        "'',                      Pod"
    })
    void otherKindsHoldNoPodsThatStowageKnowsOf(String apiVersion, String kind) {
        assertThat(reader.read(object(apiVersion, kind, "spec.template.spec", RICH_POD_SPEC)))
                .isEmpty();
    }

    @Test
    void whatIsReadThroughTheFilterIsReadAlike() throws IOException {
        for (String path :
                List.of("Pod spec", "Deployment spec.template.spec", "CronJob spec.jobTemplate.spec.template.spec")) {
            String kind = path.substring(0, path.indexOf(' '));
            String apiVersion = Map.of("Pod", "v1", "Deployment", "apps/v1", "CronJob", "batch/v1")
                    .get(kind);
            JsonNode whole = object(apiVersion, kind, path.substring(path.indexOf(' ') + 1), RICH_POD_SPEC);

            JsonNode needed = filtered(whole);

            assertThat(reader.read(needed)).isEqualTo(reader.read(whole));
            assertThat(needed.toString()).doesNotContain("SECRET", "env", "podAffinity", "status", "managedFields");
        }
    }

    @Test
    void defaultsAreThoseOfKubernetes() {
        Workload workload = read("{containers: [{name: app, image: a}], serviceAccountName: null}");

        assertThat(workload.serviceAccount()).isEqualTo("default");
        assertThat(workload.runtimeClass()).isEmpty();
        assertThat(workload.scheduling().requiredAffinity()).isEmpty();
        assertThat(read("{serviceAccount: old}").serviceAccount()).isEqualTo("old");
    }

    @Test
    void aRequiredAffinityWithoutTermsIsKeptBecauseItMatchesNothing() {
        Workload workload = read(
                "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {}}}, containers: []}");

        assertThat(workload.scheduling().requiredAffinity()).contains(List.of());
    }

    @Test
    void aNameThatIsYetToBeMadeEndsWithAStar() {
        JsonNode pod = Reviews.yaml("{apiVersion: v1, kind: Pod, metadata: {generateName: web-}, spec: {}}");

        assertThat(reader.read(pod).orElseThrow().name()).isEqualTo("web-*");
    }

    @Test
    void onlyAControllingOwnerOwns() {
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {ownerReferences: [{kind: X}, {apiVersion: batch/v1, kind: Job, controller: %s}]}, spec: {}}";

        assertThat(reader.read(Reviews.yaml(pod.formatted("true")))
                        .orElseThrow()
                        .owned())
                .isTrue();
        assertThat(reader.read(Reviews.yaml(pod.formatted("false")))
                        .orElseThrow()
                        .owned())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "apps/v1, ReplicaSet, true",
        "apps/v2, StatefulSet, true",
        "argoproj.io/v1alpha1, Rollout, true",
        "v1, ReplicationController, true",
        "example.com/v1, ReplicaSet, false",
        "v1, ConfigMap, false",
        "argoproj.io/v1alpha1, Workflow, false"
    })
    void anOwnerThatIsNotCheckedDoesNotCount(String apiVersion, String kind, boolean owned) {
        WorkloadReader reader =
                new WorkloadReader(List.of(new CustomKind("argoproj.io", "*", "Rollout", "spec.template.spec")));
        JsonNode pod = Reviews.yaml("{apiVersion: v1, kind: Pod, metadata: {ownerReferences: [{apiVersion: "
                + apiVersion + ", kind: " + kind + ", controller: true}]}, spec: {}}");

        assertThat(reader.read(pod).orElseThrow().owned()).isEqualTo(owned);
    }

    @Test
    void onlyAPodIsAMirrorPod() {
        JsonNode deployment = Reviews.yaml(
                "{apiVersion: apps/v1, kind: Deployment, metadata: {annotations: {kubernetes.io/config.mirror: x}}, spec: {template: {spec: {}}}}");

        assertThat(reader.read(deployment).orElseThrow().mirror()).isFalse();
    }

    @Test
    void aMirrorPodIsToldByItsAnnotation() {
        String pod = "{apiVersion: v1, kind: Pod, metadata: {annotations: {%s: x}}, spec: {}}";

        assertThat(reader.read(Reviews.yaml(pod.formatted("kubernetes.io/config.mirror")))
                        .orElseThrow()
                        .mirror())
                .isTrue();
        assertThat(reader.read(Reviews.yaml(pod.formatted("other")))
                        .orElseThrow()
                        .mirror())
                .isFalse();
    }

    @Test
    void aCustomObjectWithoutAPodSpecBringsNone() {
        assertThat(reader.read(Reviews.yaml(
                        "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {workloadRef: {name: web}}}")))
                .isEmpty();
    }

    @Test
    void aThousandContainersAreRead() {
        String containers = IntStream.range(0, 1000)
                .mapToObj(i -> "{name: c" + i + ", image: 'i:" + i + "'}")
                .collect(Collectors.joining(",", "{containers: [", "]}"));

        assertThat(read(containers).images()).hasSize(1000);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{containers: 5}                               | spec.containers must be a list, not a number",
                "{containers: {name: a}}                       | spec.containers must be a list, not an object",
                "{containers: [app]}                           | spec.containers[0] must be an object, not a string",
                "{containers: [{image: a}, {image: 1}]}        | spec.containers[1].image must be a string, not a number",
                "{initContainers: [{image: [a]}]}              | spec.initContainers[0].image must be a string, not a list",
                "{volumes: [{image: x}]}                       | spec.volumes[0].image must be an object, not a string",
                "{nodeSelector: {arch: true}}                  | spec.nodeSelector.arch must be a string, not a boolean",
                "{nodeSelector: [a]}                           | spec.nodeSelector must be an object, not a list",
                "{hostNetwork: 'yes'}                          | spec.hostNetwork must be true or false, not a string",
                "{os: linux}                                   | spec.os must be an object, not a string",
                "{tolerations: [{key: 1}]}                     | spec.tolerations[0].key must be a string, not a number"
            })
    void aWrongTypeIsNamedWithItsPlace(String spec, String message) {
        assertThatThrownBy(() -> read(spec))
                .isInstanceOf(InvalidWorkloadException.class)
                .hasMessage(message);
    }

    @Test
    void anObjectWithoutItsPodSpecIsNamed() {
        assertThatThrownBy(() -> reader.read(Reviews.yaml("{apiVersion: apps/v1, kind: Deployment, spec: {}}")))
                .isInstanceOf(InvalidWorkloadException.class)
                .hasMessage("spec.template.spec is missing");
        assertThatThrownBy(() -> reader.read(Reviews.yaml("[a]")))
                .isInstanceOf(InvalidWorkloadException.class)
                .hasMessage("a Kubernetes object must be an object, not a list");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "spec..template", "spec.templates[0].spec", ".spec", "[*].spec", "spec.a[*]b.spec"})
    void aPathOfACustomKindIsFieldNamesJoinedByDots(String path) {
        assertThatThrownBy(() -> new CustomKind("example.io", "v1", "Thing", path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("podSpecPath");
    }

    private Workload read(String podSpec) {
        return reader.read(object("v1", "Pod", "spec", podSpec)).orElseThrow();
    }

    private JsonNode filtered(JsonNode whole) throws IOException {
        try (JsonParser parser = new ObjectMapper().createParser(whole.toString())) {
            parser.nextToken();
            return reader.reduce(parser).fields();
        }
    }

    private static JsonNode object(String apiVersion, String kind, String path, String podSpec) {
        String[] fields = path.split("\\.");
        String nested = IntStream.range(0, fields.length)
                .mapToObj(i -> fields[fields.length - 1 - i])
                .reduce(podSpec, (inner, field) -> "{" + field + ": " + inner + "}");
        String body = nested.strip().replaceFirst("^\\{", "").replaceFirst("}$", "");
        return Reviews.yaml("{apiVersion: '" + apiVersion + "', kind: " + kind
                + ", metadata: {name: web, namespace: shop, managedFields: [{manager: x}]}, status: {replicas: 1}, "
                + body + "}");
    }
}
