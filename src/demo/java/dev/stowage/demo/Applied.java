package dev.stowage.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of applying a manifest, in the words of {@code kubectl apply}.
 *
 * @param created whether the object was let in
 * @param lines what kubectl prints: warnings first, then the outcome
 */
record Applied(boolean created, List<String> lines) {
    Applied {
        lines = List.copyOf(lines);
    }

    /** The object was let in. */
    static Applied created(Manifest manifest, List<String> warnings) {
        return new Applied(
                true, withWarnings(warnings, manifest.kind().kubectlName() + "/" + manifest.name() + " created"));
    }

    /**
     * The object was refused.
     *
     * @param status the API server's answer, a {@code Status} object
     */
    static Applied refused(Manifest manifest, JsonNode status, List<String> warnings) {
        String reason = status.path("reason").asText();
        String error = "Error from server" + (reason.isEmpty() ? "" : " (" + reason + ")") + ": error when creating \""
                + manifest.file() + "\": " + status.path("message").asText();
        return new Applied(false, withWarnings(warnings, error));
    }

    private static List<String> withWarnings(List<String> warnings, String outcome) {
        List<String> lines = new ArrayList<>();
        warnings.forEach(warning -> lines.add("Warning: " + warning));
        lines.add(outcome);
        return lines;
    }
}
