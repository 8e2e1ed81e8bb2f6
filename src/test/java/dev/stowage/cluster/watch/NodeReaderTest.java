package dev.stowage.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.text.Glob;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a Node object says about itself. */
class NodeReaderTest {

    static Stream<Arguments> profiles() {
        return Stream.of(
                profile(
                        "the status counts before labels",
                        "{kubernetes.io/os: windows, kubernetes.io/arch: s390x}",
                        "{operatingSystem: linux, architecture: arm64, containerRuntimeVersion: 'containerd://2.1.4'}",
                        platform("linux", "arm64", ""),
                        RuntimeFamily.CONTAINERD_2_1_ANY_MODE),
                profile(
                        "labels stand in for a missing status",
                        "{kubernetes.io/os: linux, kubernetes.io/arch: amd64}",
                        "null",
                        platform("linux", "amd64", ""),
                        RuntimeFamily.CONTAINERD_2_3_ANY_MODE),
                profile(
                        "the old labels stand in for the new",
                        "{beta.kubernetes.io/os: linux, beta.kubernetes.io/arch: amd64}",
                        "{operatingSystem: '', architecture: ''}",
                        platform("linux", "amd64", ""),
                        RuntimeFamily.CONTAINERD_2_3_ANY_MODE),
                profile(
                        "an old containerd",
                        "{}",
                        "{operatingSystem: linux, architecture: amd64, containerRuntimeVersion: 'containerd://1.7.27'}",
                        platform("linux", "amd64", ""),
                        RuntimeFamily.CONTAINERD_1),
                profile(
                        "CRI-O",
                        "{}",
                        "{operatingSystem: linux, architecture: amd64, containerRuntimeVersion: 'cri-o://1.33.1'}",
                        platform("linux", "amd64", ""),
                        RuntimeFamily.CRIO),
                profile(
                        "a variant that only a label can say",
                        "{stowage.dev/variant: v6}",
                        "{operatingSystem: linux, architecture: arm}",
                        platform("linux", "arm", "v6"),
                        RuntimeFamily.CONTAINERD_2_3_ANY_MODE),
                profile(
                        "Windows' version from its kernel",
                        "{node.kubernetes.io/windows-build: 10.0.20348}",
                        "{operatingSystem: windows, architecture: amd64, kernelVersion: 10.0.20348.2227}",
                        new Platform("windows", "amd64", "", "10.0.20348.2227", List.of()),
                        RuntimeFamily.CONTAINERD_2_3_ANY_MODE),
                profile(
                        "Windows' version from its label",
                        "{node.kubernetes.io/windows-build: 10.0.20348}",
                        "{operatingSystem: windows, architecture: amd64, kernelVersion: unknown}",
                        new Platform("windows", "amd64", "", "10.0.20348", List.of()),
                        RuntimeFamily.CONTAINERD_2_3_ANY_MODE),
                profile(
                        "a node of unknown architecture is what it says",
                        "{}",
                        "{operatingSystem: linux, architecture: loongarch64}",
                        platform("linux", "loongarch64", ""),
                        RuntimeFamily.CONTAINERD_2_3_ANY_MODE));
    }

    @ParameterizedTest(name = "{0} {1}: {2}, emulates {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{stowage.dev/runtime: containerd-local} | {} | CONTAINERD_LOCAL_2_1 | ''",
                "{stowage.dev/runtime: containerd-2.1} | {} | CONTAINERD_2_1 | ''",
                "{stowage.dev/emulates: linux-arm64.linux-arm-v7} | {} | CONTAINERD_2_1_ANY_MODE | linux/arm64,linux/arm/v7",
                "{} | {stowage.dev/emulates: \"linux/aarch64, linux/riscv64\"} | CONTAINERD_2_1_ANY_MODE | linux/arm64,linux/riscv64"
            })
    @DisplayName("labels and annotations state what the status does not")
    void stated(String labels, String annotations, RuntimeFamily runtime, String emulates) {
        NodeFacts facts = NodeReader.read(annotated(labels, annotations));

        assertThat(facts.profile().orElseThrow().runtime()).isEqualTo(runtime);
        assertThat(facts.profile().orElseThrow().emulates().stream().map(Platform::toString))
                .isEqualTo(emulates.isEmpty() ? List.of() : List.of(emulates.split(",")));
        assertThat(facts.problems()).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{stowage.dev/runtime: podman} | {} | has the label stowage.dev/runtime=\"podman\", which names no container runtime",
                "{stowage.dev/emulates: arm64} | {} | has the label stowage.dev/emulates with \"arm64\", which is not a platform",
                "{} | {stowage.dev/emulates: \"linux/arm64,x\"} | has the annotation stowage.dev/emulates with \"x\""
            })
    @DisplayName("a value that cannot be read is a problem and has no effect")
    void unreadable(String labels, String annotations, String problem) {
        NodeFacts facts = NodeReader.read(annotated(labels, annotations));

        assertThat(facts.profile().orElseThrow().runtime()).isEqualTo(RuntimeFamily.CONTAINERD_2_1_ANY_MODE);
        assertThat(facts.profile().orElseThrow().emulates()).isEmpty();
        assertThat(facts.problems()).singleElement().asString().startsWith(problem);
    }

    private static Node annotated(String labels, String annotations) {
        Node node = node(
                labels, "{operatingSystem: linux, architecture: amd64, containerRuntimeVersion: 'containerd://2.1.4'}");
        node.getMetadata().setAnnotations(Serialization.unmarshal("---\n" + annotations, Map.class));
        return node;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("profiles")
    void readsProfile(String what, String labels, String nodeInfo, NodeProfile expected) {
        assertThat(NodeReader.read(node(labels, nodeInfo)).profile()).contains(expected);
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                Arguments.of("no labels and no status", "null", "null"),
                Arguments.of("only an architecture", "{kubernetes.io/arch: amd64}", "null"),
                Arguments.of("only an operating system", "null", "{operatingSystem: linux, architecture: ''}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unknown")
    void doesNotGuess(String what, String labels, String nodeInfo) {
        assertThat(NodeReader.read(node(labels, nodeInfo)).profile()).isEmpty();
    }

    @Test
    @DisplayName("an object that is nothing but a name is a node")
    void bareNode() {
        Node bare = new NodeBuilder()
                .withNewMetadata()
                .withName("bare")
                .endMetadata()
                .build();
        assertThat(NodeReader.read(bare))
                .isEqualTo(new NodeFacts("bare", false, Optional.empty(), Map.of(), List.of()));
    }

    @Test
    @DisplayName("labels and taints are kept, whatever is null in them becomes empty")
    void labelsAndTaints() {
        Node node = Serialization.unmarshal("""
                apiVersion: v1
                kind: Node
                metadata: {name: n, labels: {a: b, empty: ''}}
                spec:
                  taints:
                  - {key: dedicated, value: gpu, effect: NoSchedule}
                  - {key: gone, effect: NoExecute}
                """, Node.class);
        NodeFacts facts = NodeReader.read(node);
        assertThat(facts.labels()).containsOnly(Map.entry("a", "b"), Map.entry("empty", ""));
        assertThat(facts.taints())
                .containsExactly(new Taint("dedicated", "gpu", "NoSchedule"), new Taint("gone", "", "NoExecute"));
        assertThat(facts.declared()).isFalse();
    }

    @Test
    @DisplayName("extended resources are those that the node can allocate")
    void resources() {
        Node node = Serialization.unmarshal("""
                apiVersion: v1
                kind: Node
                metadata: {name: n}
                status:
                  capacity: {nvidia.com/gpu: '8', amd.com/gpu: '1', example.com/gone: '1'}
                  allocatable: {cpu: '4', nvidia.com/gpu: '8', amd.com/gpu: '0', hugepages-2Mi: '0', example.com/x: 2k,
                    attachable-volumes.kubernetes.io/y: '1', memory: 64Gi}
                """, Node.class);

        assertThat(NodeReader.read(node).resources()).containsExactlyInAnyOrder("nvidia.com/gpu", "example.com/x");
    }

    @Test
    @DisplayName("the configured transient taints are left out, others stay")
    void transientTaints() {
        Node node = Serialization.unmarshal("""
                apiVersion: v1
                kind: Node
                metadata: {name: n}
                spec:
                  taints:
                  - {key: example.com/starting, effect: NoSchedule}
                  - {key: node.example.net/agent, value: starting, effect: NoExecute}
                  - {key: dedicated, value: gpu, effect: NoSchedule}
                """, Node.class);

        assertThat(NodeReader.read(node, List.of(new Glob("example.com/starting"), new Glob("node.example.net/*")))
                        .taints())
                .containsExactly(new Taint("dedicated", "gpu", "NoSchedule"));
        assertThat(NodeReader.read(node, List.of()).taints()).hasSize(3);
    }

    private static Node node(String labels, String nodeInfo) {
        return Serialization.unmarshal(
                "apiVersion: v1\nkind: Node\nmetadata: {name: n, labels: " + labels + "}\nstatus: {nodeInfo: "
                        + nodeInfo + "}\n",
                Node.class);
    }

    private static Platform platform(String os, String architecture, String variant) {
        return Platform.of(os, architecture, variant);
    }

    private static Arguments profile(
            String what, String labels, String nodeInfo, Platform platform, RuntimeFamily runtime) {
        return Arguments.of(what, labels, nodeInfo, new NodeProfile(platform, runtime));
    }
}
