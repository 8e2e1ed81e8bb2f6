package dev.stowage.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.testing.Reviews;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Objects with several pod specs, at configured paths and found by their shape. */
class PodTemplatesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LEADER_WORKER_SET = """
            apiVersion: leaderworkerset.x-k8s.io/v1
            kind: LeaderWorkerSet
            metadata: {name: serve, namespace: ml}
            spec:
              replicas: 2
              leaderWorkerTemplate:
                size: 4
                leaderTemplate:
                  metadata: {labels: {role: leader}}
                  spec:
                    nodeSelector: {kubernetes.io/arch: amd64}
                    containers: [{name: app, image: "leader:1", env: [{name: SECRET, value: x}]}]
                workerTemplate:
                  spec:
                    containers: [{name: app, image: "worker:1"}]
            status: {replicas: 2}
            """;
    private static final String JOB_SET = """
            apiVersion: jobset.x-k8s.io/v1alpha2
            kind: JobSet
            metadata: {name: train}
            spec:
              network: {enableDNSHostnames: true}
              replicatedJobs:
              - name: driver
                template: {spec: {template: {spec: {containers: [{name: app, image: "driver:1"}]}}}}
              - name: empty
              - name: workers
                template: {spec: {template: {spec: {containers: [{name: app, image: "worker:1"}]}}}}
            """;
    private static final String MPI_JOB = """
            apiVersion: kubeflow.org/v2beta1
            kind: MPIJob
            metadata: {name: train}
            spec:
              mpiReplicaSpecs:
                Launcher: {replicas: 1, template: {spec: {containers: [{name: app, image: "launcher:1"}]}}}
                Worker: {replicas: 2, template: {spec: {containers: [{name: app, image: "worker:1"}]}}}
            """;

    @Test
    @DisplayName("several entries of a kind all count, each with the rules of its own pod spec")
    void severalEntries() throws Exception {
        WorkloadReader reader = new WorkloadReader(List.of(
                kind("leaderworkerset.x-k8s.io", "LeaderWorkerSet", "spec.leaderWorkerTemplate.leaderTemplate.spec"),
                kind("leaderworkerset.x-k8s.io", "LeaderWorkerSet", "spec.leaderWorkerTemplate.workerTemplate.spec")));

        List<PodTemplate> templates = reader.readAll(Reviews.yaml(LEADER_WORKER_SET));

        assertThat(images(templates))
                .containsExactly(
                        Map.entry("spec.leaderWorkerTemplate.leaderTemplate.spec", List.of("leader:1")),
                        Map.entry("spec.leaderWorkerTemplate.workerTemplate.spec", List.of("worker:1")));
        assertThat(templates.get(0).workload().scheduling().nodeSelector())
                .isEqualTo(Map.of("kubernetes.io/arch", "amd64"));
        assertThat(templates.get(1).workload().scheduling().nodeSelector()).isEmpty();
        assertThat(templates)
                .allSatisfy(template -> assertThat(template.workload().name()).isEqualTo("serve"));
        assertReadsTheSame(reader, LEADER_WORKER_SET);
    }

    @Test
    @DisplayName("[*] stands for every item of a list and every value of a map")
    void lists() throws Exception {
        WorkloadReader reader = new WorkloadReader(List.of(
                kind("jobset.x-k8s.io", "JobSet", "spec.replicatedJobs[*].template.spec.template.spec"),
                kind("kubeflow.org", "MPIJob", "spec.mpiReplicaSpecs[*].template.spec")));

        assertThat(images(reader.readAll(Reviews.yaml(JOB_SET))))
                .containsExactly(
                        Map.entry("spec.replicatedJobs[0].template.spec.template.spec", List.of("driver:1")),
                        Map.entry("spec.replicatedJobs[2].template.spec.template.spec", List.of("worker:1")));
        assertThat(images(reader.readAll(Reviews.yaml(MPI_JOB))))
                .containsExactly(
                        Map.entry("spec.mpiReplicaSpecs.Launcher.template.spec", List.of("launcher:1")),
                        Map.entry("spec.mpiReplicaSpecs.Worker.template.spec", List.of("worker:1")));
        assertReadsTheSame(reader, JOB_SET);
        assertReadsTheSame(reader, MPI_JOB);
        assertThatThrownBy(() ->
                        reader.readAll(Reviews.yaml(JOB_SET.replace("replicatedJobs:", "replicatedJobs: 5\n  x:"))))
                .isInstanceOf(InvalidWorkloadException.class)
                .hasMessage("spec.replicatedJobs must be a list, not a number");
    }

    @Test
    @DisplayName("without a path all pod specs are found by their shape")
    void byShape() throws Exception {
        WorkloadReader reader = new WorkloadReader(List.of(
                kind("leaderworkerset.x-k8s.io", "LeaderWorkerSet", ""),
                kind("jobset.x-k8s.io", "JobSet", ""),
                kind("kubeflow.org", "MPIJob", "")));

        assertThat(images(reader.readAll(Reviews.yaml(LEADER_WORKER_SET))).keySet())
                .containsExactly(
                        "spec.leaderWorkerTemplate.leaderTemplate.spec",
                        "spec.leaderWorkerTemplate.workerTemplate.spec");
        assertThat(images(reader.readAll(Reviews.yaml(JOB_SET))).keySet())
                .containsExactly(
                        "spec.replicatedJobs[0].template.spec.template.spec",
                        "spec.replicatedJobs[2].template.spec.template.spec");
        assertThat(images(reader.readAll(Reviews.yaml(MPI_JOB)))).hasSize(2);
        assertReadsTheSame(reader, LEADER_WORKER_SET);
        assertReadsTheSame(reader, JOB_SET);
        assertReadsTheSame(reader, MPI_JOB);
    }

    @Test
    @DisplayName("of what is searched only pod specs are kept, and other kinds are not searched")
    void whatIsKept() throws Exception {
        WorkloadReader reader = new WorkloadReader(List.of(kind("example.io", "Thing", "")));
        String thing = """
                apiVersion: example.io/v1
                kind: Thing
                metadata: {name: t, annotations: {big: text}}
                spec:
                  noise: {a: [1, {b: [x, {c: y}]}], tolerations: [{key: k}], volumes: [{name: v}]}
                  pods:
                    metadata: {labels: {app: x}, annotations: {inject.istio.io/templates: gateway}}
                    spec: {containers: [{name: app, image: auto, env: [{name: SECRET, value: x}]}], other: {a: b}}
                status: {containers: [{name: app, image: "status:1"}]}
                """;

        assertThat(reduced(reader, thing).toString())
                .isEqualTo(
                        "{\"apiVersion\":\"example.io/v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"t\",\"annotations\":{}},"
                                + "\"spec\":{\"pods\":{\"metadata\":{\"labels\":{},\"annotations\":{\"inject.istio.io/templates\":\"gateway\"}},"
                                + "\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"auto\"}]}}},\"status\":{}}");
        assertThat(reduced(reader, thing.replace("Thing", "Other")).path("spec").toString())
                .isEqualTo("{}");
    }

    @Test
    @DisplayName("an object whose kind comes last is searched")
    void kindLast() throws Exception {
        WorkloadReader reader = new WorkloadReader(List.of(kind("example.io", "Thing", "")));
        String thing = """
                {"spec": {"a": {"spec": {"containers": [{"name": "app", "image": "a:1"}]}}},
                 "apiVersion": "example.io/v1", "kind": "Thing"}""";
        String deployment = """
                {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "a:1"}]}}},
                 "apiVersion": "apps/v1", "kind": "Deployment"}""";

        assertThat(images(reader.readAll(reduced(reader, thing)))).containsKey("spec.a.spec");
        assertThat(images(reader.readAll(reduced(reader, deployment)))).containsEntry("", List.of("a:1"));
    }

    @Test
    @DisplayName("schemas, patterns and overrides are not pod specs")
    void otherShapes() {
        WorkloadReader reader = new WorkloadReader();
        for (String spec : List.of(
                "{validation: {properties: {containers: {type: array}, image: {type: string}}}}",
                "{pattern: {spec: {containers: [{name: '*', image: '*:latest'}]}}}",
                "{pattern: {spec: {containers: [{image: 'registry.example/*'}]}}}",
                "{resources: {containers: [{name: app, cpu: '1'}]}}",
                "{containers: []}",
                "{containers: [text]}",
                "{containers: {name: app, image: a}}")) {
            assertThat(reader.readByShape(Reviews.yaml("{apiVersion: example.io/v1, kind: Thing, spec: " + spec + "}")))
                    .as(spec)
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("fields next to a pod spec are searched, too")
    void besideAPodSpec() {
        JsonNode prometheus = Reviews.yaml("""
                {apiVersion: monitoring.coreos.com/v1, kind: Prometheus, spec: {nodeSelector: {disk: ssd},
                 containers: [{name: prometheus, args: [x]}, {name: proxy, image: 'proxy:1'}],
                 thanos: {template: {spec: {containers: [{name: a, image: 'thanos:1'}]}}}}}""");

        List<PodTemplate> templates = new WorkloadReader().readByShape(prometheus);

        assertThat(images(templates))
                .containsExactly(
                        Map.entry("spec", List.of("", "proxy:1")),
                        Map.entry("spec.thanos.template.spec", List.of("thanos:1")));
        assertThat(templates.get(0).workload().scheduling().nodeSelector()).containsEntry("disk", "ssd");
    }

    @Test
    @DisplayName("too many pod templates, or too deep ones, are not checked")
    void bounds() throws Exception {
        WorkloadReader reader = new WorkloadReader(List.of(kind("example.io", "Thing", "")));
        String template = "{\"spec\": {\"containers\": [{\"name\": \"app\", \"image\": \"a:1\"}]}}";
        String many =
                IntStream.range(0, PodTemplate.MAX + 1).mapToObj(i -> template).collect(Collectors.joining(","));

        assertThatThrownBy(() -> reader.readAll(reduced(reader, thing("[" + many + "]"))))
                .isInstanceOf(InvalidWorkloadException.class)
                .hasMessage("it has more than 64 pod templates");
        assertThat(excess(reader, thing("{\"a\":".repeat(200) + template + "}".repeat(200))))
                .isEqualTo("more than 100 levels");
        String twenty = IntStream.range(0, 21).mapToObj(i -> template).collect(Collectors.joining(","));
        assertThat(reduce(reader, thing("[" + template + "]")).large()).isFalse();
        assertThat(reduce(reader, thing("[" + twenty + "]")).large()).isTrue();
        // what is dropped has no limits
        String noise = IntStream.range(0, 50_000).mapToObj(i -> "{\"a\": 1}").collect(Collectors.joining(","));
        assertThat(images(reader.readAll(reduced(reader, thing("{\"x\": [" + noise + "], \"t\": " + template + "}")))))
                .containsKey("spec.t.spec");
        assertThat(excess(reader, thing("[" + noise + "," + template + "]"))).isEqualTo("more than 20,000 fields");
    }

    @Test
    @DisplayName("a template that moves in its list has not changed, one that changes in its place has")
    void changes() {
        WorkloadReader reader = new WorkloadReader(List.of(kind("jobset.x-k8s.io", "JobSet", "")));
        List<PodTemplate> before = reader.readAll(Reviews.yaml(JOB_SET));
        PodTemplate second = before.get(1);
        PodTemplate moved = new PodTemplate("spec.replicatedJobs[7].template.spec.template.spec", second.workload());
        PodTemplate changed =
                new PodTemplate(second.path(), before.get(0).workload().withServiceAccount("other"));

        assertThat(WorkloadChange.of(before, moved).images(List.of())).isEmpty();
        assertThat(WorkloadChange.of(before, changed).before()).contains(second.workload());
        assertThat(WorkloadChange.of(before, changed).images(List.of())).hasSize(1);
        assertThat(WorkloadChange.of(List.of(), second).images(List.of())).hasSize(1);
    }

    private static String thing(String spec) {
        return "{\"apiVersion\": \"example.io/v1\", \"kind\": \"Thing\", \"spec\": " + spec + "}";
    }

    private static CustomKind kind(String group, String kind, String path) {
        return new CustomKind(group, "*", kind, path);
    }

    private static void assertReadsTheSame(WorkloadReader reader, String object) throws IOException {
        JsonNode reduced = reduced(reader, object);
        assertThat(reader.readAll(reduced)).isEqualTo(reader.readAll(Reviews.yaml(object)));
        assertThat(reduced.toString()).doesNotContain("SECRET", "replicas", "network");
        try (JsonParser parser = JSON.createParser(Reviews.yaml(object).toString())) {
            parser.nextToken();
            assertThat(reader.readAll(reader.readStored(parser, "", "").fields()))
                    .isEqualTo(reader.readAll(reduced));
        }
    }

    private static Map<String, List<String>> images(List<PodTemplate> templates) {
        return templates.stream()
                .collect(Collectors.toMap(
                        PodTemplate::path,
                        template -> template.workload().images().stream()
                                .map(ImageUse::image)
                                .toList(),
                        (one, other) -> one,
                        LinkedHashMap::new));
    }

    private static JsonNode reduced(WorkloadReader reader, String object) throws IOException {
        return reduce(reader, object).fields();
    }

    private static String excess(WorkloadReader reader, String object) throws IOException {
        return reduce(reader, object).excess().orElseThrow();
    }

    private static ReducedObject reduce(WorkloadReader reader, String object) throws IOException {
        String json = object.startsWith("{") ? object : Reviews.yaml(object).toString();
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return reader.reduce(parser);
        }
    }
}
