package dev.stowage.steering;

import dev.stowage.assessment.ImageFinding;
import dev.stowage.platform.Platform;
import dev.stowage.verdict.ImageContents;
import dev.stowage.workload.ImageUse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The platforms that all images of a pod contain: where it could run on nodes that do not exist yet. */
final class OfferedPlatforms {

    /** What the API server takes as a value of a label, and no more: the author of an image chooses it. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,20}");

    private OfferedPlatforms() {}

    /** Empty if it is not known of all of them. */
    static Optional<Set<Platform>> ofAll(List<ImageFinding> findings) {
        Set<Platform> common = null;
        for (ImageFinding finding : findings) {
            if (isConstrained(finding)) {
                if (finding.assessment().contents().platforms().isEmpty()) {
                    return Optional.empty();
                }
                Set<Platform> offered = of(finding.assessment().contents());
                if (common == null) {
                    common = new LinkedHashSet<>(offered);
                } else {
                    common.retainAll(offered);
                }
            }
        }
        return Optional.ofNullable(common);
    }

    /** A single manifest that is only mounted or copied from is pulled on every platform. */
    private static boolean isConstrained(ImageFinding finding) {
        ImageUse use = finding.use();
        boolean data = use.data() || use.role() == ImageUse.Role.VOLUME;
        return !use.neverPulled() && (!data || finding.assessment().contents().index());
    }

    /** Those that the usual nodes of an architecture run: not what needs a variant above the baseline, or a version of Windows. */
    private static Set<Platform> of(ImageContents contents) {
        return contents.platforms().stream()
                .filter(platform -> platform.osVersion().isEmpty()
                        && platform.osFeatures().isEmpty()
                        && NAME.matcher(platform.architecture()).matches()
                        && platform.normalized()
                                .equals(SteeringPlanner.plain(platform).normalized()))
                .map(SteeringPlanner::plain)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
