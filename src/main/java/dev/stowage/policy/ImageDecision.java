package dev.stowage.policy;

import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ImageUse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The decision about one image of a workload.
 *
 * @param uses its places in the workload; at least one
 * @param assessment its assessment
 * @param outcome the outcome of its verdicts
 * @param action the action; {@link Action#DENY} for an image that does not run
 * @param grounds the verdicts that the outcome is based on, by profile; empty if the image runs
 * @param cautions problems that an image that runs may still have
 */
public record ImageDecision(
        List<ImageUse> uses,
        ImageAssessment assessment,
        ImageOutcome outcome,
        Action action,
        Map<NodeProfile, Verdict> grounds,
        List<String> cautions) {

    public ImageDecision {
        uses = List.copyOf(uses);
        if (uses.isEmpty()) {
            throw new IllegalArgumentException("a decision needs an image that is used somewhere");
        }
        Objects.requireNonNull(assessment, "assessment");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(action, "action");
        grounds = Collections.unmodifiableMap(new LinkedHashMap<>(grounds));
        cautions = List.copyOf(cautions);
    }
}
