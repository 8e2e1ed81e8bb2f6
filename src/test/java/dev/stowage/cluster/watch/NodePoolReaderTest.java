package dev.stowage.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodePoolReaderTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "[{key: kubernetes.io/arch, operator: In, values: [arm64]}]             | linux/arm64              | false",
                "[{key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}]      | linux/amd64 linux/arm64  | false",
                "[{key: kubernetes.io/arch, operator: NotIn, values: [arm64]}]          | linux/amd64              | false",
                "[{key: kubernetes.io/arch, operator: Exists}]                          | linux/amd64 linux/arm64  | true",
                "[]                                                                     | linux/amd64 linux/arm64  | true",
                "[{key: kubernetes.io/os, operator: In, values: [windows]}, {key: kubernetes.io/arch, operator: In, values: [amd64]}] | windows/amd64 | false"
            })
    void thePlatformsAreThoseOfTheRequirements(String requirements, String platforms, boolean any) {
        List<NodeFacts> pools = read("{template: {spec: {requirements: " + requirements + "}}}");

        assertThat(pools.stream()
                        .map(pool -> pool.profile().orElseThrow().platform().toString())
                        .toList())
                .containsExactly(platforms.split(" +"));
        assertThat(pools).allSatisfy(pool -> {
            assertThat(pool.declared()).isTrue();
            assertThat(pool.name()).isEqualTo("default");
            assertThat(pool.provisioner().orElseThrow().anyArchitecture()).isEqualTo(any);
        });
    }

    @Test
    void labelsAndTaintsAreThoseOfTheTemplate() {
        NodeFacts pool = read("""
                template:
                  metadata: {labels: {team: shop}}
                  spec:
                    taints: [{key: dedicated, value: shop, effect: NoSchedule}]
                    startupTaints: [{key: example.com/starting, effect: NoSchedule}]
                    requirements:
                    - {key: kubernetes.io/arch, operator: In, values: [arm64]}
                    - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
                    - {key: topology.kubernetes.io/zone, operator: In, values: [a, b]}
                    - {key: example.com/class, operator: Exists}
                """).get(0);

        assertThat(pool.labels())
                .isEqualTo(Map.of(
                        "team", "shop", "karpenter.sh/nodepool", "default", "karpenter.sh/capacity-type", "spot"));
        assertThat(pool.taints()).containsExactly(new Taint("dedicated", "shop", "NoSchedule"));
        assertThat(pool.provisioner().orElseThrow().choices())
                .containsEntry("topology.kubernetes.io/zone", Set.of("a", "b"))
                .containsEntry("example.com/class", Set.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{limits: {cpu: 0}}", "{limits: {cpu: '1000', memory: 0Gi}}", "{replicas: 0}"})
    void aPoolThatIsSwitchedOffAddsNothing(String spec) {
        assertThat(read(spec)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{template: 1}", "{template: {spec: {requirements: {a: b}, taints: x}}, limits: []}"})
    void oddPoolsAreRead(String spec) {
        assertThat(read(spec)).hasSize(2);
    }

    private static List<NodeFacts> read(String spec) {
        return NodePoolReader.read(Serialization.unmarshal(
                "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: default}\nspec:\n" + spec.indent(2),
                GenericKubernetesResource.class));
    }
}
