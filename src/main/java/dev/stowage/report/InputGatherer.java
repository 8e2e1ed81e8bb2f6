package dev.stowage.report;

import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.verdict.Reason;
import dev.stowage.workload.Workload;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gathers what a report's next status depends on; everything is in memory. */
final class InputGatherer {

    private final EligibleProfiles eligibleProfiles;

    InputGatherer(EligibleProfiles eligibleProfiles) {
        this.eligibleProfiles = eligibleProfiles;
    }

    /** @param scanned the result of the last scan, if it is not in the status yet */
    ReconcileInput gather(ImageReport report, ImageUsage usage, Optional<ImageScan> scanned) {
        Set<NodeProfile> profiles;
        Optional<ImageScan> scan = scanned;
        try {
            profiles = profiles(report, usage);
        } catch (IllegalArgumentException e) {
            profiles = WorkloadAssessor.DEFAULT_PROFILES;
            scan = Optional.of(ImageScan.undetermined(
                    report.getSpec().image(), profiles, Reason.INVALID, "spec.platforms: " + e.getMessage()));
        }
        boolean nodesKnown = !profiles.isEmpty();
        if (!nodesKnown) {
            profiles = WorkloadAssessor.DEFAULT_PROFILES;
        }
        if (usage.neverPulled()) {
            scan = Optional.of(ImageScan.undetermined(
                    report.getSpec().image(),
                    profiles,
                    Reason.NEVER_PULLED,
                    "imagePullPolicy is Never: what the node has decides, not the registry"));
        }
        Optional<ImageReportStatus> previous =
                Optional.ofNullable(report.getStatus()).filter(status -> status.verdict() != null);
        return new ReconcileInput(report.getMetadata().getGeneration(), previous, usage, profiles, nodesKnown, scan);
    }

    /** Those that the report names, or else those of the nodes that the image's pods may be scheduled on. */
    private Set<NodeProfile> profiles(ImageReport report, ImageUsage usage) {
        if (report.getSpec().platforms().isEmpty()) {
            return eligibleProfiles.profiles(
                    report.getMetadata().getNamespace(),
                    usage.isEmpty() ? Set.of(SchedulingRules.NONE) : usage.rules());
        }
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        report.getSpec().platforms().forEach(text -> profiles.add(NodeProfile.of(Platform.parse(text))));
        return profiles;
    }

    /** The workload whose credentials are used to read the image. An image that no workload uses is read with the credentials of a pod that has no pull secrets of its own. */
    static Workload reader(ImageReport report, ImageUsage usage) {
        return usage.reader()
                .orElseGet(() -> new Workload(
                        "Pod",
                        report.getMetadata().getNamespace(),
                        report.getMetadata().getName(),
                        List.of(),
                        SchedulingRules.NONE,
                        List.of(),
                        "default",
                        Optional.empty(),
                        true,
                        false,
                        false));
    }
}
