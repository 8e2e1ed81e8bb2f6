package dev.stowage.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.EligibleNodes.Basis;
import dev.stowage.node.NodeSelectorTerm.Requirement;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds for eligible nodes, whatever the rules and the nodes are, sensible or not. */
class EligibilityPropertyTest {

    private static final Arbitrary<String> KEYS = Arbitraries.frequencyOf(
            Tuple.of(
                    6,
                    Arbitraries.of(
                            "kubernetes.io/arch",
                            "kubernetes.io/os",
                            "beta.kubernetes.io/arch",
                            "disk",
                            "metadata.name")),
            Tuple.of(1, Arbitraries.strings().ofMaxLength(5)));

    private static final Arbitrary<String> VALUES = Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.of("amd64", "arm64", "linux", "windows", "ssd", "7", "a", "")),
            Tuple.of(1, Arbitraries.strings().ofMaxLength(5)));

    private static final Arbitrary<String> EFFECTS =
            Arbitraries.of("NoSchedule", "NoExecute", "PreferNoSchedule", "", "Other");

    /** Of one rule and many nodes each node is checked for itself, so more nodes never make another one less eligible. */
    @Property
    void moreNodesAreMoreEligibleNodes(
            @ForAll("rules") SchedulingRules rules,
            @ForAll("nodes") List<NodeFacts> some,
            @ForAll("nodes") List<NodeFacts> more) {
        List<NodeFacts> all = new ArrayList<>(some);
        all.addAll(more);

        Set<NodeFacts> together = eligible(rules, all);

        Set<NodeFacts> apart = eligible(rules, some);
        apart.addAll(eligible(rules, more));
        assertThat(together).isEqualTo(apart);
    }

    /** What is known of a node without the others: its profile, and that some node is eligible at all. */
    @Property
    void everyEligibleNodeStandsWithItsProfile(
            @ForAll("rules") SchedulingRules rules, @ForAll("nodes") List<NodeFacts> nodes) {
        EligibleNodes eligible = EligibleNodes.of(rules, nodes);

        eligible.byProfile().forEach((profile, found) -> assertThat(found)
                .allSatisfy(node -> assertThat(node.profile()).contains(profile)));
        assertThat(eligible.basis() == Basis.NODES).isEqualTo(!eligible.all().isEmpty());
        assertThat(eligible.basis() == Basis.NONE)
                .isEqualTo(eligible.byProfile().isEmpty());
    }

    /** One more toleration never bars a node. */
    @Property
    void tolerationsOnlyOpen(
            @ForAll("rules") SchedulingRules rules,
            @ForAll("nodes") List<NodeFacts> nodes,
            @ForAll("toleration") Toleration more) {
        List<Toleration> tolerations = new ArrayList<>(rules.tolerations());
        tolerations.add(more);
        SchedulingRules wider = rules.withTolerations(tolerations);

        assertThat(eligible(wider, nodes)).containsAll(eligible(rules, nodes));
    }

    private static Set<NodeFacts> eligible(SchedulingRules rules, List<NodeFacts> nodes) {
        return new HashSet<>(EligibleNodes.of(rules, nodes).all());
    }

    @Provide
    Arbitrary<List<NodeFacts>> nodes() {
        Arbitrary<NodeProfile> profiles = Combinators.combine(
                        Arbitraries.of("linux", "windows"),
                        Arbitraries.of("amd64", "arm64", "arm"),
                        Arbitraries.of(RuntimeFamily.values()))
                .as((os, architecture, runtime) -> new NodeProfile(Platform.of(os, architecture), runtime));
        Arbitrary<Taint> taints = Combinators.combine(
                        Arbitraries.of("arch", "node.kubernetes.io/not-ready", "x"), VALUES, EFFECTS)
                .as(Taint::new);
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c", "d"),
                        Arbitraries.of(true, false),
                        profiles.optional(0.9),
                        Arbitraries.maps(KEYS, VALUES).ofMaxSize(4),
                        taints.list().ofMaxSize(2))
                .as(NodeFacts::new)
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<SchedulingRules> rules() {
        Arbitrary<Requirement> requirements = Combinators.combine(
                        KEYS,
                        Arbitraries.of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Is", ""),
                        VALUES.list().ofMaxSize(3))
                .as(Requirement::new);
        Arbitrary<NodeSelectorTerm> terms = Combinators.combine(
                        requirements.list().ofMaxSize(2), requirements.list().ofMaxSize(1))
                .as(NodeSelectorTerm::new);
        return Combinators.combine(
                        Arbitraries.of("a", "b", "").optional(0.1),
                        Arbitraries.maps(KEYS, VALUES).ofMaxSize(1),
                        terms.list().ofMaxSize(3).optional(0.4),
                        toleration().list().ofMaxSize(3),
                        Arbitraries.of("linux", "windows").optional(0.2),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as(SchedulingRules::new);
    }

    @Provide
    Arbitrary<Toleration> toleration() {
        return Combinators.combine(
                        Arbitraries.of("arch", "x", "", "node.kubernetes.io/not-ready"),
                        Arbitraries.of("", "Equal", "Exists", "Lt", "Gt", "Other"),
                        VALUES,
                        EFFECTS)
                .as(Toleration::new);
    }
}
