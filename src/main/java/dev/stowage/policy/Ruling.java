package dev.stowage.policy;

import dev.stowage.review.WorkloadFindings;
import java.util.List;
import java.util.Objects;

/**
 * What is made of a workload, before its namespace's mode says whether that is enforced.
 *
 * @param findings what it rests on
 * @param placement how many of the eligible nodes had to run it
 * @param judgements one for each image that was judged, in the order of the workload
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
     * Rules on a workload: a pure function of what was found and what is configured.
     *
     * <p>With {@link Placement#ALL} an image that does not run on one eligible node is refused. With {@link Placement#ANY} there has to
     * be one node that runs all images of the pod. Where no node is known, only an image that runs nowhere, whatever the
     * node, is refused: something that is no image, an empty index, nothing but {@code unknown/unknown}, an invalid reference.
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

    /** Whether nothing at all is to be said. */
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
