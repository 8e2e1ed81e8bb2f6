package dev.stowage.node;

import static dev.stowage.node.Rules.arch;
import static dev.stowage.node.Rules.fields;
import static dev.stowage.node.Rules.os;
import static dev.stowage.node.Rules.require;
import static dev.stowage.node.Rules.rules;
import static dev.stowage.node.Rules.term;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of node eligibility. What is expected is what the scheduler answers for a Pod, and amd-cordon and arm-notready
 * wherever only that they are cordoned or not ready bars them; for a DaemonSet it is the same but for {@code nodeName}.
 */
class EligibleNodesTest {

    private static final String ANY = "amd arm amd-prefer nolabels amd-cordon arm-notready";
    private static final String AMD = "amd amd-prefer amd-cordon";
    private static final String ARM = "arm arm-notready";
    private static final String ALL = ANY + " arm-taint cp win";

    static Stream<Arguments> rows() {
        return Stream.of(selectors(), affinities(), tolerations(), others()).flatMap(rows -> rows);
    }

    private static Stream<Arguments> selectors() {
        return Stream.of(
                row("nothing set", rules(), ANY),
                row("nodeSelector arch=arm64", rules().selectArch("arm64"), ARM),
                row("nodeSelector beta arch=amd64", rules().select("beta.kubernetes.io/arch", "amd64"), AMD),
                row("nodeSelector os=windows", rules().select("kubernetes.io/os", "windows"), ""),
                row(
                        "nodeSelector os=windows and toleration",
                        rules().select("kubernetes.io/os", "windows").tolerate("os", "", "windows", "NoSchedule"),
                        "win"),
                row("nodeSelector amd64 AND affinity arm64", amd64AndArm64(), ""),
                row("nodeSelector arch=ARM64", rules().selectArch("ARM64"), ""),
                row("nodeSelector hostname=arm", rules().select("kubernetes.io/hostname", "arm"), "arm"));
    }

    private static Stream<Arguments> affinities() {
        return Stream.of(
                row(
                        "affinity arch In [amd64, arm64]",
                        rules().affinity(term(arch("In", "amd64", "arm64"))),
                        AMD + " " + ARM),
                row("affinity arch NotIn [arm64]", rules().affinity(term(arch("NotIn", "arm64"))), AMD + " nolabels"),
                row("affinity arch DoesNotExist", rules().affinity(term(arch("DoesNotExist"))), "nolabels"),
                row("affinity arch Exists", rules().affinity(term(arch("Exists"))), AMD + " " + ARM),
                row(
                        "two terms (arm64 | windows), tolerate all",
                        rules().affinity(term(arch("In", "arm64")), term(os("In", "windows")))
                                .tolerateAll(),
                        ARM + " arm-taint win"),
                row(
                        "one term arm64 AND windows",
                        rules().affinity(term(arch("In", "arm64"), os("In", "windows")))
                                .tolerateAll(),
                        ""),
                row("one empty term", rules().affinity(term()), ""),
                row("zero terms", rules().affinity(), ""),
                row(
                        "matchFields metadata.name In [arm]",
                        rules().affinity(fields(require("metadata.name", "In", "arm"))),
                        "arm"),
                row(
                        "one term with a bad operator + a good arm64 term",
                        rules().affinity(term(arch("Is", "amd64")), term(arch("In", "arm64"))),
                        ARM),
                row("affinity arch Gt 1", rules().affinity(term(arch("Gt", "1"))), ""));
    }

    private static Stream<Arguments> tolerations() {
        return Stream.of(
                row(
                        "tolerate arch=arm64:NoSchedule",
                        rules().tolerate("arch", "Equal", "arm64", "NoSchedule"),
                        ANY + " arm-taint"),
                row("tolerate arch Exists, no effect", rules().tolerate("arch", "Exists", "", ""), ANY + " arm-taint"),
                row("tolerate arch=amd64", rules().tolerate("arch", "Equal", "amd64", ""), ANY),
                row("tolerate everything", rules().tolerateAll(), ALL),
                row(
                        "default not-ready and unreachable tolerations",
                        rules().tolerate("node.kubernetes.io/not-ready", "Exists", "", "NoExecute")
                                .tolerate("node.kubernetes.io/unreachable", "Exists", "", "NoExecute"),
                        ANY));
    }

    private static Stream<Arguments> others() {
        return Stream.of(
                // preferences are not part of the rules
                row("preferred arm64 only", rules(), ANY),
                row("nodeName=arm", rules().nodeName("arm"), "arm"),
                row("nodeName=arm-taint", rules().nodeName("arm-taint"), "arm-taint", ""),
                // RuntimeClass and namespace annotation reach the rules merged into the pod's selector
                row("RuntimeClass with nodeSelector arch=arm64", rules().selectArch("arm64"), ARM),
                row("spec.os.name=windows", rules().os("windows"), ""),
                row("spec.os.name=windows, tolerate all", rules().os("windows").tolerateAll(), "win"),
                row("spec.os.name=linux, tolerate all", rules().os("linux").tolerateAll(), ANY + " arm-taint cp"),
                row(
                        "namespace annotation node-selector os=linux, pod arch=amd64",
                        rules().select("kubernetes.io/os", "linux").selectArch("amd64"),
                        AMD),
                row("RuntimeClass selector contradicts the pod's", amd64AndArm64(), ""));
    }

    private static Rules amd64AndArm64() {
        return rules().selectArch("amd64").affinity(term(arch("In", "arm64")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aPodMayLandOnTheNodesOfItsRow(String name, Rules rules, String pod, String daemonSet) {
        assertThat(names(rules.ofPod())).isEqualTo(set(pod));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aDaemonSetLandsOnTheNodesOfItsRow(String name, Rules rules, String pod, String daemonSet) {
        assertThat(names(rules.ofDaemonSet())).isEqualTo(set(daemonSet));
    }

    private static Set<String> names(SchedulingRules rules) {
        return EligibleNodes.of(rules, Cluster.NINE).all().stream()
                .map(NodeFacts::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> set(String names) {
        return names.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(names.split(" ")));
    }

    private static Arguments row(String name, Rules rules, String nodes) {
        return row(name, rules, nodes, nodes);
    }

    private static Arguments row(String name, Rules rules, String pod, String daemonSet) {
        return Arguments.of(name, rules, pod, daemonSet);
    }
}
