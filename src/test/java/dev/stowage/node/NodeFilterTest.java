package dev.stowage.node;

import static dev.stowage.node.Rules.arch;
import static dev.stowage.node.Rules.fields;
import static dev.stowage.node.Rules.require;
import static dev.stowage.node.Rules.rules;
import static dev.stowage.node.Rules.term;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.NodeSelectorTerm.Requirement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the table of node eligibility does not ask. */
class NodeFilterTest {

    @ParameterizedTest(name = "label {0} {1} {2}: {3}")
    @CsvSource({
        "cores, Gt, 7, true",
        "cores, Gt, 8, false",
        "cores, Lt, 9, true",
        "cores, Lt, 8, false",
        "cores, Gt, -1, true",
        "cores, Gt, x, false",
        "cores, Gt, 7.5, false",
        "cores, Lt, 99999999999999999999, false",
        "cores, Gt, '', false",
        "absent, Gt, 1, false",
        "absent, Lt, 1, false",
        "absent, NotIn, 1, true",
        "absent, In, '', false",
        "word, Gt, 1, false",
        "large, Gt, 1, false",
        "cores, in, 8, false",
        "cores, Exists, 8, false",
        "cores, DoesNotExist, 8, false"
    })
    void operatorsCompareAsTheSchedulerDoes(String key, String operator, String value, boolean admitted) {
        NodeFacts node =
                Cluster.node("n", Cluster.AMD64, Map.of("cores", "8", "word", "many", "large", "99999999999999999999"));

        assertThat(admits(rules().affinity(term(require(key, operator, value))), node))
                .isEqualTo(admitted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"In", "NotIn", "Gt", "Lt"})
    void operatorsWithoutValuesMatchNothing(String operator) {
        assertThat(admits(rules().affinity(term(require("kubernetes.io/arch", operator))), amd()))
                .isFalse();
    }

    @Test
    void comparingWithTwoNumbersMatchesNothing() {
        NodeFacts node = Cluster.node("n", Cluster.AMD64, Map.of("cores", "8"));

        assertThat(admits(rules().affinity(term(require("cores", "Gt", "1", "2"))), node))
                .isFalse();
    }

    @Test
    void aBadRequirementSpoilsItsTermThoughAnotherHolds() {
        Requirement good = require("kubernetes.io/arch", "In", "amd64");

        assertThat(admits(rules().affinity(term(good, require("x", "Is", "y"))), amd()))
                .isFalse();
        assertThat(admits(rules().affinity(term(good, require("x", "Is", "y")), term(good)), amd()))
                .isTrue();
    }

    @Test
    void aTermNeedsExpressionsAndFields() {
        Requirement amd64 = require("kubernetes.io/arch", "In", "amd64");
        NodeSelectorTerm other = new NodeSelectorTerm(List.of(amd64), List.of(require("metadata.name", "In", "other")));
        NodeSelectorTerm same = new NodeSelectorTerm(List.of(amd64), List.of(require("metadata.name", "In", "amd")));

        assertThat(admits(rules().affinity(other), amd())).isFalse();
        assertThat(admits(rules().affinity(same), amd())).isTrue();
    }

    @Test
    void fieldsKnowInAndNotInWithOneValue() {
        assertThat(admitsByField("metadata.name", "NotIn", "other")).isTrue();
        assertThat(admitsByField("metadata.name", "NotIn", "amd")).isFalse();
        assertThat(admitsByField("metadata.name", "In", "amd", "other")).isFalse();
        assertThat(admitsByField("metadata.name", "Exists")).isFalse();
        assertThat(admitsByField("metadata.namespace", "In", "amd")).isFalse();
    }

    private static boolean admitsByField(String key, String operator, String... values) {
        return admits(rules().affinity(fields(require(key, operator, values))), amd());
    }

    @Test
    void theHostNameIsALabelAndNotTheNodesName() {
        NodeFacts node = Cluster.node("ip-10-0-0-1", Cluster.AMD64);
        NodeFacts renamed = new NodeFacts(
                "node-1", false, node.profile(), Map.of("kubernetes.io/hostname", "ip-10-0-0-1"), List.of());

        assertThat(admits(rules().select("kubernetes.io/hostname", "ip-10-0-0-1"), renamed))
                .isTrue();
        assertThat(admits(rules().select("kubernetes.io/hostname", "node-1"), renamed))
                .isFalse();
        assertThat(admits(rules().nodeName("ip-10-0-0-1"), renamed)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unschedulable",
                "not-ready",
                "unreachable",
                "memory-pressure",
                "disk-pressure",
                "pid-pressure",
                "network-unavailable"
            })
    void nodesThatAreUnwellComeBack(String condition) {
        for (String effect : List.of("NoSchedule", "NoExecute")) {
            NodeFacts node = Cluster.node("n", Cluster.AMD64, new Taint("node.kubernetes.io/" + condition, "", effect));

            assertThat(admits(rules(), node)).isTrue();
            assertThat(admits(rules().nodeName("n"), node)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node.cilium.io/agent-not-ready",
                "ebs.csi.aws.com/agent-not-ready",
                "efs.csi.aws.com/agent-not-ready",
                "node.cloudprovider.kubernetes.io/uninitialized",
                "node.cloudprovider.kubernetes.io/shutdown",
                "node.cluster.x-k8s.io/uninitialized",
                "node.gardener.cloud/critical-components-not-ready",
                "karpenter.sh/unregistered",
                "startup-taint.cluster-autoscaler.kubernetes.io/cni",
                "ignore-taint.cluster-autoscaler.kubernetes.io/gpu",
                "cni.istio.io/not-ready",
                "nidhogg.uswitch.com/kube-system.node-local-dns"
            })
    void nodesThatAreStartingCount(String key) {
        for (String effect : List.of("NoSchedule", "NoExecute")) {
            assertThat(admits(rules(), Cluster.node("n", Cluster.AMD64, new Taint(key, "true", effect))))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "karpenter.sh/disrupted",
                "ToBeDeletedByClusterAutoscaler",
                "node.cilium.io/other",
                "startup-taint.example.com/x",
                "agent-not-ready"
            })
    void nodesThatLeaveOrAreKeptForOthersDoNot(String key) {
        assertThat(admits(rules(), Cluster.node("n", Cluster.AMD64, new Taint(key, "", "NoSchedule"))))
                .isFalse();
    }

    @Test
    void aTaintOfAnArchitectureKeepsAwayPodsThatDoNotNameIt() {
        NodeFacts arm = Cluster.node("arm", Cluster.ARM64, new Taint("kubernetes.io/arch", "arm64", "NoSchedule"));

        assertThat(admits(rules(), arm)).isFalse();
        assertThat(admits(rules().selectArch("arm64"), arm)).isTrue();
        assertThat(admits(rules().select("beta.kubernetes.io/arch", "arm64"), arm))
                .isTrue();
        assertThat(admits(rules().affinity(term(arch("In", "amd64", "arm64"))), arm))
                .isTrue();
        assertThat(admits(rules().affinity(term(arch("Exists"))), arm)).isFalse();
        assertThat(admits(rules().affinity(term(arch("NotIn", "amd64"))), arm)).isFalse();
        assertThat(admits(rules().select("kubernetes.io/os", "linux"), arm)).isFalse();
    }

    @Test
    void otherTaintsOfSuchANodeStillCount() {
        NodeFacts dedicated = Cluster.node(
                "arm",
                Cluster.ARM64,
                new Taint("kubernetes.io/arch", "arm64", "NoSchedule"),
                new Taint("dedicated", "x", "NoSchedule"));
        NodeFacts evicting = Cluster.node("arm", Cluster.ARM64, new Taint("kubernetes.io/arch", "arm64", "NoExecute"));

        assertThat(admits(rules().selectArch("arm64"), dedicated)).isFalse();
        assertThat(admits(rules().selectArch("arm64"), evicting)).isFalse();
    }

    @Test
    void aNodeWithoutARequestedResourceIsExcluded() {
        SchedulingRules gpu = rules().ofPod().withResources(Set.of("nvidia.com/gpu"));
        NodeFacts plain = Cluster.node("n", Cluster.AMD64);
        NodeFacts other = plain.withResources(Set.of("amd.com/gpu"));

        assertThat(new NodeFilter(gpu).admits(plain)).isFalse();
        assertThat(new NodeFilter(gpu).admits(other)).isFalse();
        assertThat(new NodeFilter(gpu).admits(other.withResources(Set.of("amd.com/gpu", "nvidia.com/gpu"))))
                .isTrue();
        assertThat(new NodeFilter(gpu.withNodeName(Optional.of("n"))).admits(plain))
                .as("kubelets ignore resources that their node does not have")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"node.kubernetes.io/out-of-service", "not-ready", "example.com/unreachable"})
    void taintsThatSomebodyPutThereBar(String key) {
        assertThat(admits(rules(), Cluster.node("n", Cluster.AMD64, new Taint(key, "", "NoExecute"))))
                .isFalse();
    }

    @Test
    void everyTaintMustBeTolerated() {
        NodeFacts node =
                Cluster.node("n", Cluster.AMD64, new Taint("a", "1", "NoSchedule"), new Taint("b", "2", "NoExecute"));

        assertThat(admits(rules().tolerate("a", "Exists", "", ""), node)).isFalse();
        assertThat(admits(rules().tolerate("a", "Exists", "", "").tolerate("b", "", "2", ""), node))
                .isTrue();
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}: {4}")
    @CsvSource({
        "sla, Equal, 950, NoSchedule, true",
        "sla, '', 950, '', true",
        "sla, Equal, 950, NoExecute, false",
        "sla, Equal, 951, '', false",
        "sla, Exists, '', '', true",
        "other, Exists, '', '', false",
        "'', Exists, '', NoSchedule, true",
        "'', Exists, '', NoExecute, false",
        "sla, Gt, 750, '', true",
        "sla, Gt, 950, '', false",
        "sla, Lt, 951, '', true",
        "sla, Lt, 950, '', false",
        "sla, Lt, x, '', false",
        "sla, exists, '', '', false"
    })
    void tolerationsCompareAsTheSchedulerDoes(
            String key, String operator, String value, String effect, boolean admitted) {
        NodeFacts node = Cluster.node("n", Cluster.AMD64, new Taint("sla", "950", "NoSchedule"));

        assertThat(admits(rules().tolerate(key, operator, value, effect), node)).isEqualTo(admitted);
    }

    @Test
    void aPodThatNamesItsNodeIsHeldToWhatTheKubeletChecks() {
        NodeFacts evicting = Cluster.node("n", Cluster.ARM64, new Taint("a", "", "NoExecute"));
        NodeFacts plain = Cluster.node("n", Cluster.ARM64);

        assertThat(admits(rules().nodeName("n"), evicting)).isFalse();
        assertThat(admits(rules().nodeName("n").selectArch("amd64"), plain)).isFalse();
        assertThat(admits(rules().nodeName("n").selectArch("arm64"), plain)).isTrue();
    }

    private static NodeFacts amd() {
        return Cluster.node("amd", Cluster.AMD64);
    }

    private static boolean admits(Rules rules, NodeFacts node) {
        return new NodeFilter(rules.ofPod()).admits(node);
    }
}
