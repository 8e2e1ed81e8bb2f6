package dev.stowage.admission;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What ImageReports say about the images of a namespace. */
@FunctionalInterface
public interface ReportedImages {

    /** There are no reports. */
    ReportedImages OFF = namespace -> Known.unknown("ImageReports are off (reports.enabled)");

    /**
     * What is known of the images that are in use in a namespace; from memory, never blocks.
     *
     * @param namespace its name
     */
    Known in(String namespace);

    /**
     * What is known.
     *
     * @param problem why nothing is known, one clause; empty if the reports could be read
     * @param images the images in use, sorted by name
     */
    record Known(Optional<String> problem, List<ReportedImage> images) {
        public Known {
            Objects.requireNonNull(problem, "problem");
            images = List.copyOf(images);
        }

        /** Nothing is known, for this reason. */
        public static Known unknown(String problem) {
            return new Known(Optional.of(problem), List.of());
        }
    }
}
