package dev.stowage.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.Optional;

/**
 * A Kubernetes object, reduced to the fields that Stowage needs.
 *
 * @param fields these fields; incomplete if the object is too large
 * @param excess the limit of the {@link ReviewBudget} that the object exceeds, in words
 * @param large whether it has more than a tenth of what a limit allows: its check takes longer than most
 */
public record ReducedObject(JsonNode fields, Optional<String> excess, boolean large) {
    public ReducedObject {
        Objects.requireNonNull(fields, "fields");
        Objects.requireNonNull(excess, "excess");
    }
}
