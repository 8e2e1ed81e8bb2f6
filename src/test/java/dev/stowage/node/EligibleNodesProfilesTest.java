package dev.stowage.node;

import static dev.stowage.node.Rules.arch;
import static dev.stowage.node.Rules.fields;
import static dev.stowage.node.Rules.os;
import static dev.stowage.node.Rules.require;
import static dev.stowage.node.Rules.rules;
import static dev.stowage.node.Rules.term;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.EligibleNodes.Basis;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** On what grounds profiles are eligible: nodes, pools, or what the pod pins where none fits. */
class EligibleNodesProfilesTest {

    @Test
    void nodesAreGroupedByProfile() {
        EligibleNodes eligible = EligibleNodes.of(SchedulingRules.NONE, Cluster.NINE);

        assertThat(eligible.basis()).isEqualTo(Basis.NODES);
        assertThat(eligible.byProfile()).containsOnlyKeys(Cluster.AMD64, Cluster.ARM64);
        assertThat(eligible.byProfile().get(Cluster.ARM64))
                .extracting(NodeFacts::name)
                .containsExactly("arm", "arm-notready");
    }

    @Test
    void sameNodesWithAnotherRuntimeAreAnotherProfile() {
        NodeProfile crio = new NodeProfile(Cluster.AMD64.platform(), RuntimeFamily.CRIO);

        EligibleNodes eligible = EligibleNodes.of(
                SchedulingRules.NONE,
                List.of(Cluster.node("a", Cluster.AMD64), Cluster.node("b", crio), Cluster.node("c", Cluster.AMD64)));

        assertThat(eligible.byProfile().get(Cluster.AMD64)).hasSize(2);
        assertThat(eligible.byProfile().get(crio)).hasSize(1);
    }

    @Test
    void nodesThatDoNotSayWhatTheyAreCountForNothing() {
        NodeFacts mute = new NodeFacts("mute", false, Optional.empty(), Map.of(), List.of());

        assertThat(EligibleNodes.of(SchedulingRules.NONE, List.of(mute, Cluster.node("a", Cluster.AMD64)))
                        .all())
                .extracting(NodeFacts::name)
                .containsExactly("a");
        assertThat(EligibleNodes.of(SchedulingRules.NONE, List.of(mute)).basis())
                .isEqualTo(Basis.NONE);
    }

    @Test
    void withoutNodesNothingCanBeSaid() {
        EligibleNodes eligible = EligibleNodes.of(SchedulingRules.NONE, List.of());

        assertThat(eligible.basis()).isEqualTo(Basis.NONE);
        assertThat(eligible.byProfile()).isEmpty();
    }

    @Test
    void aDeclaredPoolStandsForNodes() {
        NodeFacts pool = Cluster.pool("spot", Cluster.ARM64, new Taint("spot", "", "NoSchedule"));

        assertThat(EligibleNodes.of(rules().tolerate("spot", "Exists", "", "").ofPod(), List.of(pool))
                        .byProfile())
                .containsOnlyKeys(Cluster.ARM64);
        assertThat(EligibleNodes.of(SchedulingRules.NONE, List.of(pool)).basis())
                .isEqualTo(Basis.NONE);
    }

    @Test
    void theNodesOfAPoolHaveTheLabelsOfItsPlatform() {
        List<NodeFacts> pools = List.of(Cluster.pool("x", Cluster.AMD64), Cluster.pool("y", Cluster.ARM64));
        List<Rules> wantArm64 = List.of(
                rules().selectArch("arm64"),
                rules().select("beta.kubernetes.io/arch", "arm64"),
                rules().select("beta.kubernetes.io/os", "linux").selectArch("arm64"),
                rules().affinity(term(arch("NotIn", "amd64"), os("Exists"))));

        assertThat(wantArm64).allSatisfy(rules -> assertThat(
                        EligibleNodes.of(rules.ofPod(), pools).all())
                .extracting(NodeFacts::name)
                .containsExactly("y"));
    }

    @Test
    void noNodeOfAPoolIsTheOneThatAPodNames() {
        List<NodeFacts> pool = List.of(Cluster.pool("arm", Cluster.ARM64));

        assertThat(EligibleNodes.of(rules().nodeName("arm").ofPod(), pool).basis())
                .isEqualTo(Basis.NONE);
        assertThat(EligibleNodes.of(
                                rules().affinity(fields(require("metadata.name", "In", "arm")))
                                        .ofPod(),
                                pool)
                        .basis())
                .isEqualTo(Basis.NONE);
        assertThat(EligibleNodes.of(
                                rules().affinity(fields(require("metadata.name", "NotIn", "arm")))
                                        .ofPod(),
                                pool)
                        .basis())
                .isEqualTo(Basis.NODES);
    }

    static Stream<Arguments> pins() {
        NodeSelectorTerm zone = term(require("zone", "In", "a"));
        return Stream.of(
                pin("nodeSelector", rules().selectArch("arm64"), "linux/arm64"),
                pin("beta label", rules().select("beta.kubernetes.io/arch", "arm64"), "linux/arm64"),
                pin(
                        "both labels",
                        rules().select("beta.kubernetes.io/arch", "arm64").selectArch("arm64"),
                        "linux/arm64"),
                pin(
                        "both labels, contradicting",
                        rules().select("beta.kubernetes.io/arch", "amd64").selectArch("arm64")),
                pin("arm without variant", rules().selectArch("arm"), "linux/arm/v7"),
                pin(
                        "nodeSelector with os",
                        rules().selectArch("amd64").select("kubernetes.io/os", "windows"),
                        "windows/amd64"),
                pin("spec.os", rules().selectArch("amd64").os("windows"), "windows/amd64"),
                pin(
                        "spec.os against nodeSelector",
                        rules().selectArch("amd64").os("windows").select("kubernetes.io/os", "linux")),
                pin("os alone", rules().select("kubernetes.io/os", "linux")),
                pin("affinity", rules().affinity(term(arch("In", "arm64"))), "linux/arm64"),
                pin(
                        "affinity with two values",
                        rules().affinity(term(arch("In", "s390x", "arm64"))),
                        "linux/s390x",
                        "linux/arm64"),
                pin(
                        "affinity with two terms",
                        rules().affinity(term(arch("In", "s390x")), term(arch("In", "arm64"))),
                        "linux/s390x",
                        "linux/arm64"),
                pin(
                        "affinity with two terms that name systems",
                        rules().affinity(term(arch("In", "arm64")), term(os("In", "windows"), arch("In", "amd64"))),
                        "linux/arm64",
                        "windows/amd64"),
                pin("a term leaves it open", rules().affinity(term(arch("In", "arm64")), zone)),
                pin(
                        "the selector closes what a term leaves open",
                        rules().selectArch("arm64").affinity(zone),
                        "linux/arm64"),
                pin(
                        "a term that matches nothing leaves nothing open",
                        rules().affinity(term(arch("In", "arm64")), term(), term(require("a", "Is", "b"))),
                        "linux/arm64"),
                pin(
                        "a term that contradicts the selector",
                        rules().selectArch("arm64")
                                .affinity(term(arch("In", "amd64")), term(arch("In", "arm64", "386"))),
                        "linux/arm64"),
                pin(
                        "every term contradicts the selector",
                        rules().selectArch("amd64").affinity(term(arch("In", "arm64")))),
                pin(
                        "two requirements of one term",
                        rules().affinity(term(arch("In", "arm64", "386"), arch("In", "386", "amd64"))),
                        "linux/386"),
                pin("NotIn", rules().affinity(term(arch("NotIn", "amd64")))),
                pin("Exists", rules().affinity(term(arch("Exists")))),
                pin("zero terms", rules().selectArch("arm64").affinity()),
                pin("upper case", rules().selectArch("ARM64")),
                pin("another name", rules().selectArch("x86_64")),
                pin("empty value", rules().selectArch("")),
                pin("a node that is not there", rules().nodeName("later").selectArch("arm64"), "linux/arm64"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("pins")
    void whereNoNodeFitsThePinsOfThePodCount(String name, Rules rules, List<String> platforms) {
        EligibleNodes eligible = EligibleNodes.of(rules.ofPod(), List.of());

        assertThat(eligible.byProfile().keySet())
                .containsExactlyElementsOf(platforms.stream()
                        .map(Platform::parse)
                        .map(NodeProfile::of)
                        .toList());
        assertThat(eligible.all()).isEmpty();
        assertThat(eligible.basis()).isEqualTo(platforms.isEmpty() ? Basis.NONE : Basis.PINNED);
    }

    @Test
    void pinsDoNotCountWhereANodeFits() {
        EligibleNodes eligible = EligibleNodes.of(
                rules().affinity(term(arch("In", "amd64", "arm64"))).ofPod(),
                List.of(Cluster.node("a", Cluster.AMD64)));

        assertThat(eligible.basis()).isEqualTo(Basis.NODES);
        assertThat(eligible.byProfile()).containsOnlyKeys(Cluster.AMD64);
    }

    @Test
    void endlessPinsAreCutShort() {
        String[] many = IntStream.range(0, 20_000).mapToObj(i -> "made-up-" + i).toArray(String[]::new);
        SchedulingRules rules =
                rules().affinity(term(arch("In", many), os("In", many))).ofPod();

        assertThat(EligibleNodes.of(rules, List.of()).byProfile()).hasSize(32);
    }

    @Test
    void fiveThousandNodesAreGroupedWhateverTheirOrder() {
        List<NodeFacts> nodes = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            // as an informer makes them: equal, but not the same
            nodes.add(Cluster.node("n" + i, NodeProfile.of(Platform.of("linux", i % 2 == 0 ? "amd64" : "arm64"))));
        }

        assertThat(EligibleNodes.of(SchedulingRules.NONE, nodes).byProfile().values())
                .extracting(List::size)
                .isEqualTo(Arrays.asList(2_500, 2_500));
    }

    private static Arguments pin(String name, Rules rules, String... platforms) {
        return Arguments.of(name, rules, List.of(platforms));
    }
}
