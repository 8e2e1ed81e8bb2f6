package dev.stowage.report.status;

import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The result of a scan of an image.
 *
 * @param assessment the result; without verdicts if the image was only confirmed
 * @param scope how much of the image was checked
 * @param purpose what the image was checked for
 */
public record ImageScan(ImageAssessment assessment, Scope scope, Assessor.Purpose purpose) {

    /** How much was checked. */
    public enum Scope {
        /** The image for all platforms. */
        FULL,
        /** Only the platforms that are new, from what was already known of the image. */
        NEW_PLATFORMS,
        /** Only that the image still has the digest that the report names. */
        DIGEST
    }

    public ImageScan {
        Objects.requireNonNull(assessment, "assessment");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(purpose, "purpose");
    }

    /** The image was not checked, for this reason. */
    public static ImageScan undetermined(String image, Set<NodeProfile> profiles, Reason reason, String message) {
        Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
        profiles.forEach(profile -> verdicts.put(profile, new Verdict.Undetermined(reason, message)));
        return new ImageScan(
                new ImageAssessment(image, ImageContents.UNKNOWN, verdicts), Scope.FULL, Assessor.Purpose.RUN);
    }

    /** The image still has the digest in the report. */
    public static ImageScan confirmed(String image, Assessor.Purpose purpose) {
        return new ImageScan(new ImageAssessment(image, ImageContents.UNKNOWN, Map.of()), Scope.DIGEST, purpose);
    }

    /** Whether the rest of the previous status stays. */
    boolean partial() {
        return scope != Scope.FULL;
    }

    /** Whether the image could not be read for a reason that is temporary or can be fixed. */
    boolean failed() {
        return assessment.contents().digest().isEmpty()
                && !assessment.verdicts().isEmpty()
                && assessment.verdicts().values().stream().allMatch(Verdict.Undetermined.class::isInstance);
    }

    /** Any of the verdicts; those of a failed scan are all alike. */
    Verdict anyVerdict() {
        return assessment.verdicts().values().iterator().next();
    }
}
