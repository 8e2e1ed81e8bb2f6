package dev.stowage.workload;

import dev.stowage.text.Glob;
import java.util.List;

/**
 * How objects are read, as it is configured.
 *
 * @param customKinds kinds beyond Kubernetes' own that contain pods
 * @param placeholderImages images of templates that a controller replaces in their pods
 * @param optOut whether pods may choose a weaker mode by an annotation
 */
public record WorkloadSettings(List<CustomKind> customKinds, List<Glob> placeholderImages, boolean optOut) {

    /** Nothing is configured. */
    public static final WorkloadSettings DEFAULT = new WorkloadSettings(List.of(), List.of());

    /** Settings without opt-out. */
    public WorkloadSettings(List<CustomKind> customKinds, List<Glob> placeholderImages) {
        this(customKinds, placeholderImages, false);
    }

    public WorkloadSettings {
        customKinds = List.copyOf(customKinds);
        placeholderImages = List.copyOf(placeholderImages);
    }

    /** Whether a template names an image by this text that its pods will not have. */
    boolean isPlaceholder(String image) {
        return placeholderImages.stream().anyMatch(glob -> glob.matches(image));
    }
}
