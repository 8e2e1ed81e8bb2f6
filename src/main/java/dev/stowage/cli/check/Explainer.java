package dev.stowage.cli.check;

import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.cli.output.Explanation;
import dev.stowage.cli.output.Explanation.Image;
import dev.stowage.cli.output.Explanation.Nodes;
import dev.stowage.cli.output.Explanation.Outcome;
import dev.stowage.cli.output.Explanation.Rule;
import dev.stowage.cli.output.ImageCheck;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.policy.ImageDecision;
import dev.stowage.policy.ImageOutcome;
import dev.stowage.policy.PlacementRule;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.policy.PolicyDecision;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ImageUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Explains the results of one run, with the rules and the policy of the webhook. */
final class Explainer {

    private record Answer(String platform, Verdict verdict, Optional<Explanation.Entry> entry) {}

    private final CheckedNodes nodes;
    private final PolicyConfig policy;
    private final TakenEntries taken;

    Explainer(CheckedNodes nodes, PolicyConfig policy, TakenEntries taken) {
        this.nodes = nodes;
        this.policy = policy;
        this.taken = taken;
    }

    /** Explains the results for an image given on the command line. */
    Explanation ofImage(ImageAssessment assessment, List<ImageCheck> checks) {
        EligibleNodes all = EligibleNodes.of(SchedulingRules.ANYWHERE, nodes.nodes());
        Image image = new Image(assessment.image(), List.of(), Optional.empty(), "", outcomes(assessment));
        return new Explanation(
                Optional.empty(), nodes(SchedulingRules.ANYWHERE, all), Optional.empty(), List.of(image), checks);
    }

    /**
     * Explains the results for a workload.
     *
     * @param known its eligible nodes, and pools whose nodes may be eligible
     */
    Explanation ofWorkload(
            ImageCheck.Source workload, WorkloadAssessment assessment, EligibleNodes known, List<ImageCheck> checks) {
        PolicyDecision decision = PolicyDecision.of(assessment, policy);
        Rule placement = new Rule(
                decision.placement().name().toLowerCase(Locale.ROOT),
                PlacementRule.of(assessment.workload()).clause());
        return new Explanation(
                Optional.of(workload),
                nodes(assessment.workload().scheduling(), known),
                Optional.of(placement),
                decision.decisions().stream().map(this::image).toList(),
                checks);
    }

    /** Explains the results for an image that a custom resource names. */
    Explanation ofUnplaced(ImageCheck.Source place, ImageAssessment assessment, List<ImageCheck> checks) {
        EligibleNodes all = EligibleNodes.of(SchedulingRules.ANYWHERE, nodes.nodes());
        Image image =
                new Image(assessment.image(), List.of(place.container()), Optional.empty(), "", outcomes(assessment));
        return new Explanation(
                Optional.of(place),
                nodes(SchedulingRules.ANYWHERE, all),
                Optional.of(new Rule("any", "where its pods may run is not known")),
                List.of(image),
                checks);
    }

    /** Explains why a workload is not checked: no node is eligible. */
    Explanation ofUnchecked(ImageCheck.Source workload, SchedulingRules rules, EligibleNodes none) {
        return new Explanation(Optional.of(workload), nodes(rules, none), Optional.empty(), List.of(), List.of());
    }

    private Nodes nodes(SchedulingRules rules, EligibleNodes eligible) {
        String counting = (eligible.count() == 0 ? "none" : eligible.count()) + " of " + nodes.counted()
                + (eligible.count() < 2 ? " counts" : " count");
        boolean none = eligible.basis() == EligibleNodes.Basis.NONE;
        return new Nodes(
                eligible.basis().name().toLowerCase(Locale.ROOT),
                counting + (none ? ", so the workload is not checked" : ""),
                NodeGroups.of(nodes.answerable(rules), eligible, nodes),
                eligible.problems());
    }

    private Image image(ImageDecision decision) {
        return new Image(
                decision.assessment().image(),
                decision.uses().stream().map(ImageUse::name).toList(),
                Optional.of(decision.action()),
                key(decision.outcome()),
                outcomes(decision.assessment()));
    }

    private static String key(ImageOutcome outcome) {
        return switch (outcome) {
            case UNRESOLVED -> "onUnresolved";
            case NOT_FOUND -> "onNotFound";
            case UNCERTAIN -> "onUncertain";
            case RUNS, SKIPPED, DOES_NOT_RUN, UNCHECKED -> "";
        };
    }

    /** Runtimes of one platform that do the same with the image are one outcome. */
    private List<Outcome> outcomes(ImageAssessment assessment) {
        Map<Answer, List<String>> runtimes = new LinkedHashMap<>();
        for (Map.Entry<NodeProfile, Verdict> verdict : assessment.verdicts().entrySet()) {
            NodeProfile profile = verdict.getKey();
            Answer answer = new Answer(
                    profile.platform().toString(), verdict.getValue(), taken.of(assessment.image(), profile));
            runtimes.computeIfAbsent(answer, first -> new ArrayList<>()).add(profile.runtimeLabel());
        }
        List<Outcome> outcomes = new ArrayList<>();
        runtimes.forEach((answer, those) ->
                outcomes.add(new Outcome(answer.platform(), those, answer.verdict(), answer.entry())));
        return outcomes;
    }
}
