package dev.stowage.report;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * What a report is about.
 *
 * @param image the image, as a container's {@code image} names it; null only in objects that the API server would refuse
 * @param platforms the platforms to check for instead of those of the nodes; never null, mostly empty
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("What the report is about.")
public record ImageReportSpec(
        @JsonPropertyDescription("The image, as a container's image field names it. It cannot be changed.")
        @Required
        @Size(min = 1, max = ImageReportSpec.LONGEST_IMAGE)
        @Pattern("^[!-~]+$")
        @ValidationRule(
                value = "self == oldSelf",
                message = "image cannot be changed; create another ImageReport instead")
        String image,

        @JsonPropertyDescription(
                "Check for these platforms, written os/architecture[/variant], instead of those of the nodes"
                        + " that the image's workloads may be scheduled on.")
        @Size(max = ImageReportSpec.MOST_PLATFORMS)
        @ValidationRule(
                value = "self.all(p, p.matches(" + "'^[a-z0-9]+(\\\\([0-9.]+\\\\))?/[a-z0-9_]+(/[a-z0-9.]+)?$'))",
                message = "a platform is written os/architecture[/variant], for example linux/arm64")
        List<String> platforms) {

    /** Longer than any reference that a container runtime accepts. */
    static final int LONGEST_IMAGE = 1024;

    static final int MOST_PLATFORMS = 32;

    public ImageReportSpec {
        platforms = platforms == null ? List.of() : List.copyOf(platforms);
    }

    /** About this image, for the platforms of the nodes. */
    static ImageReportSpec of(String image) {
        return new ImageReportSpec(image, List.of());
    }
}
