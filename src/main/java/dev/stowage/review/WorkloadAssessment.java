package dev.stowage.review;

import dev.stowage.node.EligibleNodes;
import dev.stowage.workload.Workload;
import java.util.List;
import java.util.Objects;

/**
 * What was found out about the images of a workload, on the nodes where its pods may run. It says what is so, not whether that
 * is allowed.
 *
 * @param workload the workload
 * @param nodes where its pods may run
 * @param findings one for each image that was checked, in the order of the workload
 */
public record WorkloadAssessment(Workload workload, EligibleNodes nodes, List<ImageFinding> findings) {
    public WorkloadAssessment {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(nodes, "nodes");
        findings = List.copyOf(findings);
    }
}
