package dev.stowage.steering;

import dev.stowage.assessment.ImageFinding;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodes.Basis;
import dev.stowage.node.EligibleNodesCache;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.node.Toleration;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.steering.SteeringPlan.Cause;
import dev.stowage.steering.SteeringPlan.Left;
import dev.stowage.steering.SteeringPlan.Steered;
import dev.stowage.steering.SteeringSettings.PlatformToleration;
import dev.stowage.steering.SteeringSettings.Preference;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Finds what steering does with a pod, from the assessment of its images: only what is certain, and only what its nodes need. */
public final class SteeringPlanner {

    private final SteeringSettings settings;
    private final EligibleNodesCache eligible;

    /** @param eligible remembers where pods may be scheduled */
    public SteeringPlanner(SteeringSettings settings, EligibleNodesCache eligible) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.eligible = Objects.requireNonNull(eligible, "eligible");
    }

    /** In which namespaces pods are steered. */
    public SteeringMode mode() {
        return settings.mode();
    }

    /** The nodes for which the images have to be assessed: those where the pod may be scheduled, with every configured toleration. */
    public EligibleNodes candidates(SchedulingRules rules, Collection<NodeFacts> known) {
        return eligible.of(
                tolerating(
                        rules,
                        settings.tolerations().stream()
                                .map(PlatformToleration::toleration)
                                .toList()),
                known);
    }

    /**
     * The plan for the pods of a workload.
     *
     * @param assessment the assessment of all its images on the {@link #candidates}
     * @param known all nodes and declared pools
     */
    public SteeringPlan plan(WorkloadAssessment assessment, Collection<NodeFacts> known) {
        if (assessment.nodes().basis() != Basis.NODES) {
            return Left.because(Cause.NO_NODES);
        }
        Map<NodeProfile, Boolean> runs = new LinkedHashMap<>();
        for (NodeProfile profile : assessment.nodes().profiles()) {
            boolean fails = assessment.findings().stream().anyMatch(finding -> fails(verdict(finding, profile)));
            for (ImageFinding finding : fails ? List.<ImageFinding>of() : assessment.findings()) {
                if (!settled(verdict(finding, profile))) {
                    return new Left(Cause.UNDETERMINED, finding.assessment().image());
                }
            }
            runs.put(profile, !fails);
        }
        return plan(assessment, runs, known);
    }

    private SteeringPlan plan(
            WorkloadAssessment assessment, Map<NodeProfile, Boolean> runs, Collection<NodeFacts> known) {
        SchedulingRules rules = assessment.workload().scheduling();
        List<Toleration> tolerations = tolerations(rules, assessment.nodes(), runs);
        SchedulingRules tolerating = tolerating(rules, tolerations);
        EligibleNodes nodes = eligible.of(tolerating, known);
        if (nodes.basis() != Basis.NODES) {
            return Left.because(Cause.NO_NODES);
        }
        PlatformChoice choice = PlatformChoice.of(nodes.profiles(), profile -> Boolean.TRUE.equals(runs.get(profile)));
        if (choice.good().isEmpty()) {
            return Left.because(Cause.NOWHERE);
        }
        if (!choice.isClear()) {
            return indistinguishable(choice);
        }
        Optional<Set<Platform>> offered = OfferedPlatforms.ofAll(assessment.findings());
        for (PlatformRequirement requirement : choice.requirements(offered, PlatformRequirement.named(rules))) {
            if (works(requirement, tolerating, runs, known)) {
                return steered(requirement, tolerations, choice, nodes);
            }
        }
        // where all nodes of today run the images, a requirement would only be for nodes that may come
        return choice.bad().isEmpty()
                ? steered(new PlatformRequirement(List.of(), List.of()), tolerations, choice, nodes)
                : indistinguishable(choice);
    }

    private SteeringPlan steered(
            PlatformRequirement requirement, List<Toleration> tolerations, PlatformChoice choice, EligibleNodes nodes) {
        List<Preference> preferences = choice.good().size() < 2
                ? List.of()
                : settings.preferences().stream()
                        .filter(preference -> choice.good().contains(plain(preference.platform())))
                        .toList();
        if (requirement.isEmpty() && tolerations.isEmpty() && preferences.isEmpty()) {
            return Left.because(Cause.UNNEEDED);
        }
        return new Steered(
                requirement, tolerations, preferences, List.copyOf(choice.good()), List.copyOf(choice.bad()), nodes);
    }

    /** Whether with the requirement there are eligible nodes, and all of them run all images. */
    private boolean works(
            PlatformRequirement requirement,
            SchedulingRules rules,
            Map<NodeProfile, Boolean> runs,
            Collection<NodeFacts> known) {
        EligibleNodes nodes = eligible.of(requirement.addedTo(rules), known);
        return nodes.basis() == Basis.NODES
                && nodes.profiles().stream().allMatch(profile -> Boolean.TRUE.equals(runs.get(profile)));
    }

    /** Those whose platform runs all images on every node, and that a node needs. */
    private List<Toleration> tolerations(
            SchedulingRules rules, EligibleNodes candidates, Map<NodeProfile, Boolean> runs) {
        Set<Toleration> chosen = new LinkedHashSet<>();
        for (PlatformToleration configured : settings.tolerations()) {
            List<NodeProfile> profiles = runs.keySet().stream()
                    .filter(profile -> plain(profile.platform()).equals(plain(configured.platform())))
                    .toList();
            boolean runsThere = profiles.stream().allMatch(profile -> Boolean.TRUE.equals(runs.get(profile)));
            if (runsThere && profiles.stream().anyMatch(profile -> needs(rules, configured, profile, candidates))) {
                chosen.add(configured.toleration());
            }
        }
        return List.copyOf(chosen);
    }

    private static boolean needs(
            SchedulingRules rules, PlatformToleration configured, NodeProfile profile, EligibleNodes candidates) {
        List<NodeFacts> nodes = new ArrayList<>(candidates.byProfile().getOrDefault(profile, List.of()));
        nodes.addAll(candidates.possible().getOrDefault(profile, List.of()));
        return nodes.stream()
                .flatMap(node -> node.taints().stream())
                .anyMatch(taint -> configured.toleration().tolerates(taint)
                        && rules.tolerations().stream().noneMatch(own -> own.tolerates(taint)));
    }

    private static Left indistinguishable(PlatformChoice choice) {
        return new Left(
                Cause.INDISTINGUISHABLE,
                String.join(
                        ", ", choice.unclear().stream().map(Platform::toString).toList()));
    }

    private static SchedulingRules tolerating(SchedulingRules rules, List<Toleration> more) {
        if (more.isEmpty()) {
            return rules;
        }
        List<Toleration> tolerations = new ArrayList<>(rules.tolerations());
        tolerations.addAll(more);
        return rules.withTolerations(tolerations);
    }

    private static Verdict verdict(ImageFinding finding, NodeProfile profile) {
        return finding.assessment().verdictOn(profile);
    }

    private static boolean fails(Verdict verdict) {
        return verdict instanceof Verdict.DoesNotRun && verdict.reason() != Reason.NOT_FOUND;
    }

    private static boolean settled(Verdict verdict) {
        return verdict instanceof Verdict.Runs || verdict.reason().notPulled();
    }

    /** As labels of nodes say it: without variant and version. */
    static Platform plain(Platform platform) {
        return Platform.of(platform.os(), platform.architecture());
    }
}
