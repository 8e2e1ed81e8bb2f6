package dev.stowage.cli.merge;

import dev.stowage.async.Deadline;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.image.ImageReference;
import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.Verdict;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An index that was pushed by its digest, judged as the webhook would.
 *
 * @param engine judges it
 * @param target the image that was made
 * @param plan what it contains
 */
record PushedIndex(LocalEngine engine, ImageReference target, MergePlan plan) {

    /**
     * Whether nodes of each of its platforms run it.
     *
     * @return a line for people
     * @throws StoppedException when some do not, or it cannot be read
     */
    String judge(Deadline deadline) {
        Set<NodeProfile> nodes = plan.sources().stream()
                .flatMap(source -> source.entries().stream())
                .filter(MergedEntry::isImage)
                .map(entry -> NodeProfile.of(entry.descriptor().platform().orElseThrow()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Map<NodeProfile, Verdict> verdicts = engine.assessor(resolved -> {})
                .assess(
                        target.repository() + "@" + plan.digest(),
                        Purpose.RUN,
                        nodes,
                        Verification.MANIFESTS,
                        engine.keyring(),
                        deadline)
                .join()
                .verdicts();
        verdicts.forEach((node, verdict) -> {
            if (!(verdict instanceof Verdict.Runs)) {
                throw new StoppedException(
                        verdict instanceof Verdict.DoesNotRun ? ExitCode.DOES_NOT_RUN : ExitCode.UNDETERMINED,
                        target.repository() + "@" + plan.digest()
                                + (verdict instanceof Verdict.DoesNotRun
                                        ? " does not run on "
                                        : " cannot be judged on ")
                                + node.platform() + ": " + verdict.reason().label() + ": " + verdict.message()
                                + ".\nThe tag is as it was.");
            }
        });
        return "read back: it runs on "
                + nodes.stream().map(node -> node.platform().toString()).collect(Collectors.joining(", "));
    }
}
