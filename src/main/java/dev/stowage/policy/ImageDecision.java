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
 * What is made of one image of a workload.
 *
 * @param uses where the workload names it; at least one
 * @param assessment what is known of it
 * @param outcome what the verdicts come to
 * @param action what follows; {@link Action#DENY} for an image that does not run
 * @param grounds the verdicts that the outcome rests on, by profile; empty when the image runs
 * @param cautions what may still go wrong with an image that runs
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
            throw new IllegalArgumentException("a judgement needs an image that is used somewhere");
        }
        Objects.requireNonNull(assessment, "assessment");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(action, "action");
        grounds = Collections.unmodifiableMap(new LinkedHashMap<>(grounds));
        cautions = List.copyOf(cautions);
    }
}
