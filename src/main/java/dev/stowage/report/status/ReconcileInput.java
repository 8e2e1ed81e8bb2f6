package dev.stowage.report.status;

import dev.stowage.platform.NodeProfile;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.usage.ImageUsage;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a report's next status depends on, except the time.
 *
 * @param generation the report's generation
 * @param previous its previous status, if it has a verdict
 * @param usage the workloads that use the image
 * @param profiles the node profiles to check; stand-ins if no node is known
 * @param nodesKnown whether the profiles are those of nodes or of the report, not stand-ins
 * @param scan the result of a new scan, if there is one
 */
public record ReconcileInput(
        Long generation,
        Optional<ImageReportStatus> previous,
        ImageUsage usage,
        Set<NodeProfile> profiles,
        boolean nodesKnown,
        Optional<ImageScan> scan) {
    public ReconcileInput {
        Objects.requireNonNull(previous, "previous");
        Objects.requireNonNull(usage, "usage");
        profiles = new LinkedHashSet<>(profiles);
        Objects.requireNonNull(scan, "scan");
    }
}
