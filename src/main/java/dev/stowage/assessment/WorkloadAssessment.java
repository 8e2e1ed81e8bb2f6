package dev.stowage.assessment;

import dev.stowage.node.EligibleNodes;
import dev.stowage.workload.Workload;
import java.util.List;
import java.util.Objects;

/**
 * The assessment of a workload's images on its eligible nodes: facts, before any policy.
 *
 * @param workload the workload
 * @param nodes its eligible nodes
 * @param findings one for each image that was checked, in the order of the workload
 */
public record WorkloadAssessment(Workload workload, EligibleNodes nodes, List<ImageFinding> findings) {
    public WorkloadAssessment {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(nodes, "nodes");
        findings = List.copyOf(findings);
    }
}
