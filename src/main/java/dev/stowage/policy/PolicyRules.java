package dev.stowage.policy;

import dev.stowage.assessment.ImageFinding;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.image.Printable;
import dev.stowage.node.EligibleNodes.Basis;
import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ImageUse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** The rules behind {@link PolicyDecision#of}. */
final class PolicyRules {

    private final WorkloadAssessment assessment;
    private final PolicyConfig config;
    private final Placement placement;
    private final Map<ImageAssessment, List<ImageUse>> uses = new IdentityHashMap<>();
    private final List<ImageAssessment> images = new ArrayList<>();

    PolicyRules(WorkloadAssessment assessment, PolicyConfig config) {
        this.assessment = assessment;
        this.config = config;
        this.placement = config.placementOf(assessment.workload());
        // the same image for the same purpose was assessed once
        for (ImageFinding finding : assessment.findings()) {
            uses.computeIfAbsent(finding.assessment(), image -> {
                        images.add(image);
                        return new ArrayList<>();
                    })
                    .add(finding.use());
        }
    }

    PolicyDecision decide() {
        if (assessment.nodes().basis() == Basis.NONE) {
            return decide(this::withoutNodes, false);
        }
        Set<NodeProfile> profiles = assessment.nodes().byProfile().keySet();
        if (placement == Placement.ALL) {
            return decide(image -> withPossible(over(image, profiles)), false);
        }
        Collection<NodeProfile> best = bestOf(profiles);
        if (!best.isEmpty()) {
            return decide(image -> over(image, best), false);
        }
        boolean irreconcilable = images.stream().noneMatch(image -> failsOn(image, profiles));
        return decide(
                image -> irreconcilable || failsOn(image, profiles)
                        ? over(image, profiles)
                        : imageDecision(image, ImageOutcome.RUNS, Map.of(), List.of()),
                irreconcilable);
    }

    private PolicyDecision decide(Function<ImageAssessment, ImageDecision> rule, boolean irreconcilable) {
        return new PolicyDecision(
                assessment, placement, images.stream().map(rule).toList(), irreconcilable);
    }

    /** The profiles that run all images; if there is none, one on which no image is known not to run. */
    private List<NodeProfile> bestOf(Set<NodeProfile> profiles) {
        NodeProfile possible = null;
        List<NodeProfile> certain = new ArrayList<>();
        for (NodeProfile profile : profiles) {
            boolean fails = false;
            boolean settled = true;
            for (ImageAssessment image : images) {
                Verdict verdict = image.verdictOn(profile);
                fails |= fails(verdict);
                settled &= settled(verdict);
            }
            if (!fails) {
                possible = possible == null ? profile : possible;
                if (settled) {
                    certain.add(profile);
                }
            }
        }
        return certain.isEmpty() && possible != null ? List.of(possible) : certain;
    }

    private static boolean failsOn(ImageAssessment image, Collection<NodeProfile> profiles) {
        return profiles.stream().allMatch(profile -> fails(image.verdictOn(profile)));
    }

    static boolean fails(Verdict verdict) {
        return verdict instanceof Verdict.DoesNotRun && verdict.reason() != Reason.NOT_FOUND;
    }

    static boolean settled(Verdict verdict) {
        return verdict instanceof Verdict.Runs || verdict.reason().notPulled();
    }

    private ImageDecision over(ImageAssessment image, Collection<NodeProfile> profiles) {
        Map<NodeProfile, Verdict> failing = new LinkedHashMap<>();
        Map<NodeProfile, Verdict> missing = new LinkedHashMap<>();
        Map<NodeProfile, Verdict> unsettled = new LinkedHashMap<>();
        boolean leftAlone = false;
        Set<String> cautions = new LinkedHashSet<>();
        for (NodeProfile profile : profiles) {
            Verdict verdict = image.verdictOn(profile);
            if (verdict instanceof Verdict.Runs runs) {
                cautions.addAll(runs.warnings());
            } else if (fails(verdict)) {
                failing.put(profile, verdict);
            } else if (verdict.reason() == Reason.NOT_FOUND) {
                missing.put(profile, verdict);
            } else if (settled(verdict)) {
                leftAlone = true;
            } else {
                unsettled.put(profile, verdict);
            }
        }
        if (!failing.isEmpty()) {
            return imageDecision(image, ImageOutcome.DOES_NOT_RUN, failing, List.of());
        }
        if (!missing.isEmpty()) {
            return imageDecision(image, ImageOutcome.NOT_FOUND, missing, List.of());
        }
        if (!unsettled.isEmpty()) {
            boolean uncertain = unsettled.values().stream()
                    .allMatch(verdict -> verdict.reason().uncertain());
            return imageDecision(
                    image, uncertain ? ImageOutcome.UNCERTAIN : ImageOutcome.UNRESOLVED, unsettled, cautions);
        }
        return imageDecision(image, leftAlone ? ImageOutcome.SKIPPED : ImageOutcome.RUNS, Map.of(), cautions);
    }

    /** Adds where the image does not run on nodes that a provisioner may add: a warning, because it may add others. */
    private ImageDecision withPossible(ImageDecision decision) {
        List<String> cautions = new ArrayList<>(decision.cautions());
        assessment.nodes().possible().forEach((profile, pools) -> {
            Verdict verdict = decision.assessment().verdictOn(profile);
            if (fails(verdict)) {
                cautions.add("node pool " + Printable.of(pools.get(0).name()) + " may add " + profile.platform()
                        + " nodes: " + verdict.message());
            }
        });
        boolean shown = decision.outcome() == ImageOutcome.RUNS
                && !assessment.nodes().possible().isEmpty();
        return shown
                ? new ImageDecision(
                        decision.uses(),
                        decision.assessment(),
                        decision.outcome(),
                        decision.action(),
                        decision.grounds(),
                        cautions)
                : decision;
    }

    private ImageDecision withoutNodes(ImageAssessment image) {
        ImageDecision byDefaultProfiles = over(image, WorkloadAssessor.DEFAULT_PROFILES);
        boolean platformDecides = byDefaultProfiles.outcome() == ImageOutcome.RUNS
                || byDefaultProfiles.outcome() == ImageOutcome.DOES_NOT_RUN && !runsNowhere(image);
        return platformDecides ? imageDecision(image, ImageOutcome.UNCHECKED, Map.of(), List.of()) : byDefaultProfiles;
    }

    private static boolean runsNowhere(ImageAssessment image) {
        boolean offersSomething =
                image.contents().index() && !image.contents().platforms().isEmpty();
        return !offersSomething
                && image.verdicts().values().stream()
                        .allMatch(verdict -> fails(verdict) && verdict.reason().independentOfPlatform());
    }

    private ImageDecision imageDecision(
            ImageAssessment image,
            ImageOutcome outcome,
            Map<NodeProfile, Verdict> grounds,
            Collection<String> cautions) {
        Action action =
                switch (outcome) {
                    case RUNS, SKIPPED, UNCHECKED -> Action.ALLOW;
                    case UNRESOLVED -> config.onUnresolved();
                    case UNCERTAIN -> config.onUncertain();
                    case NOT_FOUND -> config.onNotFound();
                    case DOES_NOT_RUN -> Action.DENY;
                };
        return new ImageDecision(
                Objects.requireNonNull(uses.get(image)), image, outcome, action, grounds, List.copyOf(cautions));
    }
}
