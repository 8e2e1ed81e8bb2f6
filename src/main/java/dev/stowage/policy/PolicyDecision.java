package dev.stowage.policy;

import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The decision about a workload, before the mode of its namespace is applied.
 *
 * @param assessment the assessment it is based on
 * @param placement how many of the eligible nodes must run it
 * @param decisions one for each image that was checked, in the order of the workload
 * @param noCommonNode whether each image runs on some eligible node, but no node runs all of them
 */
public record PolicyDecision(
        WorkloadAssessment assessment, Placement placement, List<ImageDecision> decisions, boolean noCommonNode) {

    public PolicyDecision {
        Objects.requireNonNull(assessment, "assessment");
        Objects.requireNonNull(placement, "placement");
        decisions = List.copyOf(decisions);
    }

    /**
     * Decides about a workload: a pure function of assessment and configuration.
     *
     * <p>With {@link Placement#ALL} an image that does not run on every eligible node is denied. With {@link Placement#ANY} there must be
     * one node that runs all images of the pod. If no node is known, only an image that runs on no node at all is denied:
     * something that is not an image, an empty index, nothing but {@code unknown/unknown}, an invalid reference.
     */
    public static PolicyDecision of(WorkloadAssessment assessment, PolicyConfig config) {
        return new PolicyRules(assessment, config).decide();
    }

    /** The images that are denied. */
    public List<ImageDecision> deniedImages() {
        return with(Action.DENY);
    }

    /** The images that cause a warning. */
    public List<ImageDecision> warnedImages() {
        return with(Action.WARN);
    }

    /** Whether some image could not be checked because no node is known that its pods could run on. */
    public boolean unchecked() {
        return decisions.stream().anyMatch(imageDecision -> imageDecision.outcome() == ImageOutcome.UNCHECKED);
    }

    /**
     * The images that do not run on each eligible node, although the placement requires one node only.
     *
     * @return each with the verdicts on the profiles that do not run it
     */
    public Map<ImageAssessment, Map<NodeProfile, Verdict>> failingOnSomeNodes() {
        Map<ImageAssessment, Map<NodeProfile, Verdict>> failing = new LinkedHashMap<>();
        for (ImageDecision decision : decisions) {
            Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
            for (NodeProfile profile : assessment.nodes().byProfile().keySet()) {
                Verdict verdict = decision.assessment().verdictOn(profile);
                if (PolicyRules.fails(verdict)) {
                    verdicts.put(profile, verdict);
                }
            }
            if (!verdicts.isEmpty()) {
                failing.put(decision.assessment(), verdicts);
            }
        }
        return failing;
    }

    /** Whether there is nothing to report. */
    public boolean isClean() {
        return decisions.stream()
                .allMatch(imageDecision -> imageDecision.action() == Action.ALLOW
                        && imageDecision.outcome() != ImageOutcome.UNCHECKED
                        && imageDecision.cautions().isEmpty());
    }

    private List<ImageDecision> with(Action action) {
        return decisions.stream()
                .filter(imageDecision -> imageDecision.action() == action)
                .toList();
    }
}
