package dev.stowage.report.api;

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
 * The image that a report is about.
 *
 * @param image the image reference, as in a container; null only in objects that the API server would reject
 * @param platforms the platforms to check instead of those of the nodes; never null, mostly empty
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("The image that the report is about.")
public record ImageReportSpec(
        @JsonPropertyDescription("The image reference, as in a container. It cannot be changed.")
        @Required
        @Size(min = 1, max = ImageReportSpec.LONGEST_IMAGE)
        @Pattern("^[!-~]+$")
        @ValidationRule(
                value = "self == oldSelf",
                message = "image cannot be changed; create another ImageReport instead")
        String image,

        @JsonPropertyDescription(
                "The platforms to check, as os/architecture[/variant], instead of those of the nodes that the"
                        + " workloads may be scheduled on.")
        @Size(max = ImageReportSpec.MOST_PLATFORMS)
        @ValidationRule(
                value = "self.all(p, p.matches(" + "'^[a-z0-9]+(\\\\([0-9.]+\\\\))?/[a-z0-9_]+(/[a-z0-9.]+)?$'))",
                message = "platforms must have the form os/architecture[/variant], for example linux/arm64")
        List<String> platforms) {

    public static final int LONGEST_IMAGE = 1024;

    static final int MOST_PLATFORMS = 32;

    public ImageReportSpec {
        platforms = platforms == null ? List.of() : List.copyOf(platforms);
    }

    /** The spec for this image and the platforms of the nodes. */
    public static ImageReportSpec of(String image) {
        return new ImageReportSpec(image, List.of());
    }
}
