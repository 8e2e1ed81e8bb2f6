package dev.stowage.report.scan;

import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.platform.NodeProfile;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.Workload;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A scan of an image.
 *
 * @param image the reference
 * @param purpose what the image is for
 * @param profiles the node profiles to check it for
 * @param verification how much is checked
 * @param partial whether only new platforms are checked
 * @param known the digest whose verdicts the report has, if confirming it is enough; empty if the image must be read
 * @param credentialsOwner the workload whose credentials are used
 */
public record ScanRequest(
        String image,
        Assessor.Purpose purpose,
        Set<NodeProfile> profiles,
        Verification verification,
        boolean partial,
        Optional<Digest> known,
        Workload credentialsOwner) {

    /**
     * A scan of the image for all platforms. One that was read within the last 18 to 24 hours is only confirmed.
     *
     * @param trusted whether the status so far is Stowage's own, so that confirming its digest can be enough
     */
    public static ScanRequest full(String image, ReconcileInput input, boolean trusted, Workload reader, Instant now) {
        return new ScanRequest(
                image,
                input.usage().purpose(),
                input.profiles(),
                Verification.MANIFESTS,
                false,
                input.previous()
                        .filter(status -> trusted && StatusFactory.holdsFor(status, input, now))
                        .flatMap(status -> Digest.parse(status.digest())),
                reader);
    }

    /**
     * A scan for the platforms that are new. By digest and no further than the index, which needs a request only if the cache no longer
     * holds it.
     */
    public static ScanRequest newPlatforms(
            String image, ReconcileInput input, String defaultRegistry, Workload reader) {
        ImageReportStatus previous = input.previous().orElseThrow();
        return new ScanRequest(
                pinned(image, previous.digest(), defaultRegistry),
                input.usage().purpose(),
                ScanSchedule.unknown(input.profiles(), previous),
                Verification.INDEX,
                true,
                Optional.empty(),
                reader);
    }

    private static String pinned(String image, String digest, String defaultRegistry) {
        try {
            return ImageReference.parse(image, defaultRegistry).repository() + "@" + digest;
        } catch (InvalidReferenceException e) {
            return image;
        }
    }
}
