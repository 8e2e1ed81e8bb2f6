package dev.stowage.review;

import dev.stowage.verdict.ImageAssessment;
import dev.stowage.workload.ImageUse;
import java.util.Objects;

/**
 * What was found out about one image of a workload.
 *
 * @param use where the workload names it
 * @param assessment what is known of it, with a verdict for every profile of the eligible nodes
 */
public record ImageFinding(ImageUse use, ImageAssessment assessment) {
    public ImageFinding {
        Objects.requireNonNull(use, "use");
        Objects.requireNonNull(assessment, "assessment");
    }
}
