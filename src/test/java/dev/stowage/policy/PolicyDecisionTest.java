package dev.stowage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.assessment.ImageFinding;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodesCache;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.Reviews;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The decision as tables. Images are written as their verdicts for an amd64 and an arm64 node: R runs, W runs with a warning, X
 * does not run there, C is a chart, N is not found, U cannot be determined, L is skipped.
 */
class PolicyDecisionTest {

    private static final NodeProfile AMD64 = NodeProfile.of(Platform.of("linux", "amd64"));
    private static final NodeProfile ARM64 = NodeProfile.of(Platform.of("linux", "arm64"));

    private final FakeCluster cluster =
            new FakeCluster().node("amd", "linux/amd64").node("arm", "linux/arm64");

    @ParameterizedTest(name = "{0}, images {1}: {2}")
    @CsvSource({
        "ALL, RR,       RUNS",
        "ALL, RX,       DOES_NOT_RUN",
        "ALL, XR,       DOES_NOT_RUN",
        "ALL, XX,       DOES_NOT_RUN",
        "ALL, CC,       DOES_NOT_RUN",
        "ALL, NN,       NOT_FOUND",
        "ALL, UU,       UNRESOLVED",
        "ALL, RU,       UNRESOLVED",
        "ALL, XU,       DOES_NOT_RUN",
        "ALL, LL,       SKIPPED",
        "ALL, WR,       RUNS",
        "ALL, RR RX,    RUNS DOES_NOT_RUN",
        "ALL, RX XR,    DOES_NOT_RUN DOES_NOT_RUN",
        "ALL, NN RX UU, NOT_FOUND DOES_NOT_RUN UNRESOLVED",
        "ANY, RR,       RUNS",
        "ANY, RX,       RUNS",
        "ANY, XR,       RUNS",
        "ANY, XX,       DOES_NOT_RUN",
        "ANY, NN,       NOT_FOUND",
        "ANY, UU,       UNRESOLVED",
        "ANY, RU,       RUNS",
        "ANY, XU,       UNRESOLVED",
        "ANY, LL,       SKIPPED",
        "ANY, RX RX,    RUNS RUNS",
        "ANY, RX XR,    DOES_NOT_RUN DOES_NOT_RUN",
        "ANY, RX XX,    RUNS DOES_NOT_RUN",
        "ANY, RX NN,    RUNS NOT_FOUND",
        "ANY, RX UR,    RUNS UNRESOLVED",
        "ANY, RX LL,    RUNS SKIPPED"
    })
    void outcomes(Placement placement, String images, String outcomes) {
        PolicyDecision policyDecision = PolicyDecision.of(findings("", images), with(placement, Placement.ALL));

        assertThat(inShort(policyDecision)).isEqualTo(outcomes);
    }

    @Test
    void imagesThatNoNodeRunsTogetherAreIrreconcilable() {
        assertThat(PolicyDecision.of(findings("", "RX XR"), with(Placement.ANY, Placement.ANY))
                        .noCommonNode())
                .isTrue();
        assertThat(PolicyDecision.of(findings("", "RX XX"), with(Placement.ANY, Placement.ANY))
                        .noCommonNode())
                .isFalse();
        assertThat(PolicyDecision.of(findings("", "RX XR"), with(Placement.ALL, Placement.ALL))
                        .noCommonNode())
                .isFalse();
    }

    @ParameterizedTest(name = "a pod of a controller, {0}: {1}")
    @CsvSource({"RX, RUNS", "XX, DOES_NOT_RUN"})
    void podsOfControllersNeedOneNode(String images, String outcome) {
        String owned = "ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, controller: true}]";

        assertThat(inShort(PolicyDecision.of(findings(owned, images), PolicyConfig.DEFAULT)))
                .isEqualTo(outcome);
    }

    @ParameterizedTest(name = "{0} with onUnresolved {1}, onNotFound {2}: {3}")
    @CsvSource({
        "UU, WARN,  DENY,  WARN",
        "UU, ALLOW, DENY,  ALLOW",
        "UU, DENY,  ALLOW, DENY",
        "NN, DENY,  WARN,  WARN",
        "NN, DENY,  ALLOW, ALLOW",
        "NN, ALLOW, DENY,  DENY",
        "XX, ALLOW, ALLOW, DENY",
        "RR, DENY,  DENY,  ALLOW",
        "LL, DENY,  DENY,  ALLOW"
    })
    void whatFollows(String images, Action onUnresolved, Action onNotFound, Action action) {
        PolicyConfig config = new PolicyConfig(
                Mode.ENFORCE,
                Placement.ALL,
                Placement.ANY,
                onUnresolved,
                onNotFound,
                Action.WARN,
                PolicyConfig.DEFAULT.verification(),
                PolicyConfig.DEFAULT.admissionDeadline(),
                Exemptions.NONE);

        assertThat(PolicyDecision.of(findings("", images), config).decisions())
                .extracting(ImageDecision::action)
                .containsExactly(action);
    }

    @ParameterizedTest(name = "no node is known, images {0}: {1}")
    @CsvSource({
        "RR, UNCHECKED",
        "RX, UNCHECKED",
        "XX, UNCHECKED",
        "CC, DOES_NOT_RUN",
        "CX, UNCHECKED",
        "CR, UNCHECKED",
        "NN, NOT_FOUND",
        "UU, UNRESOLVED",
        "LL, SKIPPED"
    })
    void withoutNodesOnlyWhatRunsNowhereIsRefused(String images, String outcome) {
        cluster.without("amd").without("arm");

        PolicyDecision policyDecision = PolicyDecision.of(findings("", images), PolicyConfig.DEFAULT);

        assertThat(inShort(policyDecision)).isEqualTo(outcome);
        assertThat(policyDecision.unchecked()).isEqualTo(outcome.equals("UNCHECKED"));
    }

    @Test
    void warningsOfImagesThatRunAreKeptAndRulingIsCleanWithoutAny() {
        assertThat(PolicyDecision.of(findings("", "WW"), PolicyConfig.DEFAULT)
                        .decisions()
                        .get(0)
                        .cautions())
                .containsExactly("careful");
        assertThat(PolicyDecision.of(findings("", "WW"), PolicyConfig.DEFAULT).isClean())
                .isFalse();
        assertThat(PolicyDecision.of(findings("", "RR LL"), PolicyConfig.DEFAULT)
                        .isClean())
                .isTrue();
        assertThat(PolicyDecision.of(findings("", "UU"), PolicyConfig.DEFAULT).isClean())
                .isFalse();
    }

    @ParameterizedTest(name = "images {0}, pod {1}: {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "RX        |                                                | {kubernetes.io/arch=amd64} on 1",
                "XR        |                                                | {kubernetes.io/arch=arm64} on 1",
                "RX LL     |                                                | {kubernetes.io/arch=amd64} on 1",
                "RX XR     |                                                | none",
                "RX UU     |                                                | none",
                "XX        |                                                | none",
                "RX        | nodeSelector: {disk: ssd}                      | none",
                "RX        | nodeSelector: {kubernetes.io/arch: arm64}       | none",
                "RX        | nodeName: arm                                  | none",
                "RX        | nodeSelector: {kubernetes.io/os: linux}         | {kubernetes.io/arch=amd64} on 1"
            })
    void aNodeSelectorIsProposedOnlyWhenItWorks(String images, String spec, String proposal) {
        Optional<NodeSelectorProposal> found = NodeSelectorProposal.find(
                findings("", images, spec == null ? "" : spec), cluster.nodes(), new EligibleNodesCache());

        assertThat(found.map(it -> it.labels() + " on " + it.nodes()).orElse(null))
                .isEqualTo(proposal);
    }

    @Test
    void aSelectorByOperatingSystemIsProposedWhereThatLeavesMoreNodes() {
        cluster.node("win", "windows/amd64");
        WorkloadAssessment assessment = findings("", "RR");

        assertThat(NodeSelectorProposal.find(assessment, cluster.nodes(), new EligibleNodesCache()))
                .contains(new NodeSelectorProposal(Map.of("kubernetes.io/os", "linux"), 2));
    }

    @Test
    void theNodesAreNotFilteredAgainForTheSameProposal() {
        AtomicInteger filtered = new AtomicInteger();
        List<NodeFacts> nodes = List.copyOf(cluster.nodes());
        Collection<NodeFacts> counted = new AbstractCollection<>() {
            @Override
            public Iterator<NodeFacts> iterator() {
                filtered.incrementAndGet();
                return nodes.iterator();
            }

            @Override
            public int size() {
                return nodes.size();
            }
        };
        EligibleNodesCache eligible = new EligibleNodesCache();
        Optional<NodeSelectorProposal> first = NodeSelectorProposal.find(findings("", "RX"), counted, eligible);
        int once = filtered.get();

        assertThat(NodeSelectorProposal.find(findings("", "RX"), counted, eligible))
                .isEqualTo(first)
                .isPresent();
        assertThat(filtered).hasValue(once).hasPositiveValue();
    }

    @Test
    void twoLabelsAreProposedWhereOneIsNotEnough() {
        cluster.node("win", "windows/amd64");
        WorkloadAssessment assessment = findings("", "RX");

        assertThat(NodeSelectorProposal.find(assessment, cluster.nodes(), new EligibleNodesCache()))
                .contains(new NodeSelectorProposal(
                        Map.of("kubernetes.io/os", "linux", "kubernetes.io/arch", "amd64"), 1));
    }

    private static PolicyConfig with(Placement placement, Placement ownedPods) {
        PolicyConfig defaults = PolicyConfig.DEFAULT;
        return new PolicyConfig(
                defaults.mode(),
                placement,
                ownedPods,
                defaults.onUnresolved(),
                defaults.onNotFound(),
                defaults.onUncertain(),
                defaults.verification(),
                defaults.admissionDeadline(),
                defaults.exemptions());
    }

    private static String inShort(PolicyDecision policyDecision) {
        return policyDecision.decisions().stream()
                .map(imageDecision -> imageDecision.outcome().name())
                .collect(Collectors.joining(" "));
    }

    private WorkloadAssessment findings(String metadata, String images) {
        return findings(metadata, images, "");
    }

    private WorkloadAssessment findings(String metadata, String images, String spec) {
        String[] verdicts = images.split(" ");
        StringBuilder yaml = new StringBuilder("apiVersion: v1\nkind: Pod\nmetadata: {name: web");
        yaml.append(metadata.isEmpty() ? "" : ", " + metadata).append("}\nspec:\n");
        yaml.append(spec.isEmpty() ? "" : "  " + spec + "\n").append("  containers:\n");
        for (int i = 0; i < verdicts.length; i++) {
            yaml.append("  - {name: c")
                    .append(i)
                    .append(", image: 'i:")
                    .append(i)
                    .append("'}\n");
        }
        Workload workload =
                new WorkloadReader().read(Reviews.yaml(yaml.toString())).orElseThrow();
        EligibleNodes nodes = EligibleNodes.of(workload.scheduling(), cluster.nodes());
        List<ImageFinding> findings = new ArrayList<>();
        for (int i = 0; i < verdicts.length; i++) {
            findings.add(new ImageFinding(workload.images().get(i), assessment("i:" + i, verdicts[i], nodes)));
        }
        return new WorkloadAssessment(workload, nodes, findings);
    }

    private static ImageAssessment assessment(String image, String verdicts, EligibleNodes nodes) {
        Map<NodeProfile, Verdict> byProfile = new LinkedHashMap<>();
        for (NodeProfile profile : nodes.basis() == EligibleNodes.Basis.NONE
                ? WorkloadAssessor.DEFAULT_PROFILES
                : nodes.byProfile().keySet()) {
            if (profile.platform().os().equals("windows")) {
                byProfile.put(profile, verdict('X'));
            } else {
                boolean amd64 = profile.platform().equals(AMD64.platform());
                assertThat(amd64 || profile.platform().equals(ARM64.platform())).isTrue();
                byProfile.put(profile, verdict(verdicts.charAt(amd64 ? 0 : 1)));
            }
        }
        return new ImageAssessment(image, ImageContents.UNKNOWN, byProfile);
    }

    private static Verdict verdict(char letter) {
        return switch (letter) {
            case 'R' -> new Verdict.Runs(List.of());
            case 'W' -> new Verdict.Runs(List.of("careful"));
            case 'X' -> new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "contains something else only");
            case 'C' -> new Verdict.DoesNotRun(Reason.NOT_AN_IMAGE, "is a Helm chart, not an image");
            case 'N' -> new Verdict.DoesNotRun(Reason.NOT_FOUND, "no such tag");
            case 'U' -> new Verdict.Undetermined(Reason.TIMEOUT, "no answer");
            case 'L' -> new Verdict.Undetermined(Reason.NEVER_PULLED, "never pulled");
            default -> throw new IllegalArgumentException(String.valueOf(letter));
        };
    }
}
