package dev.stowage.review;

import dev.stowage.node.EligibleNodes;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.verdict.Assessor;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Judges the images of a workload, all at once, each distinct image once; the webhook and the command line share it. */
public final class WorkloadReviewer {

    private final Assessor assessor;

    /** A reviewer that asks this engine. */
    public WorkloadReviewer(Assessor assessor) {
        this.assessor = Objects.requireNonNull(assessor, "assessor");
    }

    /**
     * Judges images of a workload.
     *
     * @param workload the workload
     * @param images those of its images that are to be judged, usually all
     * @param nodes where its pods may run
     * @param verification how much is checked
     * @param keyring the credentials that its pods would pull with
     * @param deadline when the answer is due
     * @return completes by the deadline, never exceptionally
     */
    public CompletableFuture<WorkloadFindings> review(
            Workload workload,
            List<ImageUse> images,
            EligibleNodes nodes,
            Assessor.Verification verification,
            Keyring keyring,
            Deadline deadline) {
        throw new UnsupportedOperationException("helper");
    }
}
