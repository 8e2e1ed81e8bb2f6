package dev.stowage.assessment;

import dev.stowage.verdict.ImageAssessment;
import dev.stowage.workload.ImageUse;
import java.util.Objects;

/**
 * The assessment of one image of a workload.
 *
 * @param use the place of the image in the workload
 * @param assessment its assessment, with a verdict for every profile of the eligible nodes
 */
public record ImageFinding(ImageUse use, ImageAssessment assessment) {
    public ImageFinding {
        Objects.requireNonNull(use, "use");
        Objects.requireNonNull(assessment, "assessment");
    }
}
