package dev.stowage.report.status;

import dev.stowage.platform.NodeProfile;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.usage.ImageUsage;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * All that a report's next status depends on, but for the time.
 *
 * @param generation the report's generation
 * @param previous its status so far
 * @param usage who uses the image
 * @param profiles the profiles that count; stand-ins where no node is known
 * @param nodesKnown whether they are more than stand-ins
 * @param scan a new look at the image, if there was one
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
        Objects.requireNonNull(scan, "look");
    }
}
