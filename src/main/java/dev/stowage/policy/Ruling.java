package dev.stowage.policy;

import dev.stowage.review.WorkloadFindings;
import java.util.List;
import java.util.Objects;

/**
 * The decision about a workload, before the mode of its namespace is applied.
 *
 * @param findings the findings it is based on
 * @param placement how many of the eligible nodes had to run it
 * @param judgements one for each image that was checked, in the order of the workload
 * @param irreconcilable whether each image runs on some eligible node, but no node runs all of them
 */
public record Ruling(
        WorkloadFindings findings, Placement placement, List<Judgement> judgements, boolean irreconcilable) {

    public Ruling {
        Objects.requireNonNull(findings, "findings");
        Objects.requireNonNull(placement, "placement");
        judgements = List.copyOf(judgements);
    }

    /**
     * Decides about a workload: a pure function of findings and configuration.
     *
     * <p>With {@link Placement#ALL} an image that does not run on one eligible node is refused. With {@link Placement#ANY} there has to
     * be one node that runs all images of the pod. Where no node is known, only an image that runs nowhere, whatever the
     * node, is refused: something that is not an image, an empty index, nothing but {@code unknown/unknown}, an invalid reference.
     */
    public static Ruling of(WorkloadFindings findings, PolicyConfig config) {
        return new Rules(findings, config).rule();
    }

    /** The images that are refused. */
    public List<Judgement> refusals() {
        return with(Action.DENY);
    }

    /** The images that deserve a warning. */
    public List<Judgement> concerns() {
        return with(Action.WARN);
    }

    /** Whether some image could not be checked because no node is known that its pods could run on. */
    public boolean unchecked() {
        return judgements.stream().anyMatch(judgement -> judgement.outcome() == Outcome.UNCHECKED);
    }

    /** Whether there is nothing to report. */
    public boolean isClean() {
        return judgements.stream()
                .allMatch(judgement -> judgement.action() == Action.ALLOW
                        && judgement.outcome() != Outcome.UNCHECKED
                        && judgement.cautions().isEmpty());
    }

    private List<Judgement> with(Action action) {
        return judgements.stream()
                .filter(judgement -> judgement.action() == action)
                .toList();
    }
}
