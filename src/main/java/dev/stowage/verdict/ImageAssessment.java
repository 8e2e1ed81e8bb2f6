package dev.stowage.verdict;

import dev.stowage.platform.NodeProfile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What is known of one image for the node profiles that matter.
 *
 * @param image the image as written, safe to print
 * @param contents what the image contains, for messages and reports
 * @param verdicts one for each profile requested, in their order
 */
public record ImageAssessment(String image, ImageContents contents, Map<NodeProfile, Verdict> verdicts) {
    public ImageAssessment {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(contents, "contents");
        verdicts = Collections.unmodifiableMap(new LinkedHashMap<>(verdicts));
    }

    /** The verdict for one of the profiles requested. */
    public Verdict verdictOn(NodeProfile profile) {
        return Objects.requireNonNull(verdicts.get(profile), "no verdict for this profile");
    }
}
