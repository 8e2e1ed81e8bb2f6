package dev.stowage.node;

import static dev.stowage.node.Rules.arch;
import static dev.stowage.node.Rules.rules;
import static dev.stowage.node.Rules.term;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.Ineligibility.Cause;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IneligibilityTest {

    private static final NodeFacts ARM = Cluster.node("arm", Cluster.ARM64);

    static Stream<Arguments> reasons() {
        SchedulingRules none = SchedulingRules.NONE;
        return Stream.of(
                Arguments.of(
                        new NodeFacts("n", false, Optional.empty(), Map.of(), List.of()),
                        none,
                        Cause.UNKNOWN_PLATFORM,
                        "does not report its platform"),
                Arguments.of(
                        ARM,
                        none.withPlatforms(StatedPlatforms.ofScheduler("fargate-scheduler")),
                        Cause.STATED_PLATFORM,
                        "is linux/arm64, not linux/amd64, where fargate-scheduler runs pods"),
                Arguments.of(
                        ARM,
                        none.inNamespace(Optional.of("linux/amd64,linux/arm/v7")),
                        Cause.STATED_PLATFORM,
                        "is linux/arm64, not linux/amd64 or linux/arm/v7, where the namespace's pods run by its annotation"
                                + " stowage.dev/platforms"),
                Arguments.of(ARM, rules().nodeName("amd").ofPod(), Cause.NODE_NAME, "is not the node of nodeName amd"),
                Arguments.of(ARM, rules().os("windows").ofPod(), Cause.OS, "runs linux, but spec.os.name is windows"),
                Arguments.of(
                        ARM,
                        rules().selectArch("amd64").ofPod(),
                        Cause.NODE_SELECTOR,
                        "label kubernetes.io/arch=arm64 does not match nodeSelector kubernetes.io/arch=amd64"),
                Arguments.of(
                        ARM,
                        rules().select("disk", "ssd").ofPod(),
                        Cause.NODE_SELECTOR,
                        "has no label disk, which nodeSelector disk=ssd requires"),
                Arguments.of(
                        Cluster.node("gpu", Cluster.AMD64, new Taint("dedicated", "gpu", "NoSchedule")),
                        none,
                        Cause.TAINT,
                        "taint dedicated=gpu:NoSchedule is not tolerated"),
                Arguments.of(
                        ARM, none.withResources(Set.of("nvidia.com/gpu")), Cause.RESOURCE, "has no nvidia.com/gpu"),
                Arguments.of(
                        ARM,
                        rules().affinity(term(arch("In", "amd64", "s390x")), term())
                                .ofPod(),
                        Cause.NODE_AFFINITY,
                        "does not match the required node affinity: kubernetes.io/arch In [amd64, s390x] or an empty term"),
                Arguments.of(
                        ARM,
                        rules().affinity().ofPod(),
                        Cause.NODE_AFFINITY,
                        "the required node affinity has no terms and matches no node"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("reasons")
    void theReasonNamesTheRule(NodeFacts node, SchedulingRules rules, Cause cause, String detail) {
        assertThat(EligibleNodes.ineligibility(rules, node)).contains(new Ineligibility(cause, detail));
        assertThat(EligibleNodes.of(rules, List.of(node)).all()).isEmpty();
    }

    @Test
    void thereIsAReasonExactlyForNodesThatAreNotEligible() {
        for (SchedulingRules rules : List.of(
                rules().ofPod(),
                rules().tolerateAll().ofPod(),
                rules().selectArch("arm64").ofPod())) {
            List<NodeFacts> eligible = EligibleNodes.of(rules, Cluster.NINE).all();
            for (NodeFacts node : Cluster.NINE) {
                assertThat(EligibleNodes.ineligibility(rules, node).isEmpty())
                        .as(node.name())
                        .isEqualTo(eligible.contains(node));
            }
        }
    }

    @Test
    void foreignTextIsPrintableAndBounded() {
        String detail = EligibleNodes.ineligibility(
                        rules().select("x\n\u001b[31m", "y".repeat(5_000)).ofPod(), ARM)
                .orElseThrow()
                .detail();

        assertThat(detail).hasSizeLessThan(300).matches("[ -~…]*");
    }
}
