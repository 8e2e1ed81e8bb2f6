package dev.stowage.report;

import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.Assessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One look at an image.
 *
 * @param assessment what was found
 * @param partial whether only the platforms that were new were scanned, at what was already known of the image
 * @param recollection what is to be remembered of it, if it can be
 */
record Look(Assessment assessment, boolean partial, Optional<ImageReportStatus.Recollection> recollection) {
    Look {
        Objects.requireNonNull(assessment, "assessment");
        Objects.requireNonNull(recollection, "recollection");
    }

    /** The image was not scanned, for this reason. */
    static Look undetermined(String image, Set<NodeProfile> profiles, Reason reason, String message) {
        Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
        profiles.forEach(profile -> verdicts.put(profile, new Verdict.Undetermined(reason, message)));
        return new Look(new Assessment(image, ImageContents.UNKNOWN, verdicts), false, Optional.empty());
    }

    /** Whether the image could not be read for a reason that will pass or be fixed, so that nothing is known of it now. */
    boolean inVain() {
        return assessment.contents().digest().isEmpty()
                && !assessment.verdicts().isEmpty()
                && assessment.verdicts().values().stream().allMatch(Verdict.Undetermined.class::isInstance);
    }

    /** Whether the registry said that this is not for us to read. */
    boolean refused() {
        return assessment.verdicts().values().stream()
                .map(Verdict::reason)
                .anyMatch(reason -> reason == Reason.UNAUTHORIZED || reason == Reason.FORBIDDEN);
    }

    /** Any of the verdicts; those of a scan in vain are all alike. */
    Verdict anyVerdict() {
        return assessment.verdicts().values().iterator().next();
    }
}
