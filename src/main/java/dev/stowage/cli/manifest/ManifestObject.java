package dev.stowage.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Objects;

/**
 * One Kubernetes object of a manifest.
 *
 * @param file the file as given or found; {@code -} for standard input
 * @param line the line where it begins, counted from 1
 * @param object the object; aliases and merge keys are resolved
 * @param lines the line of each JSON object within it: of its image if it names one, else of its beginning; compared by identity
 */
record ManifestObject(String file, int line, JsonNode object, Map<JsonNode, Integer> lines) {
    ManifestObject {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(object, "object");
        Objects.requireNonNull(lines, "lines");
    }

    String kind() {
        return object.path("kind").asText("");
    }

    /** Whether it is of a kind that is not one of Kubernetes' own, or no longer: Deployments were in the group {@code extensions}. */
    boolean isCustom() {
        String apiVersion = object.path("apiVersion").asText("");
        String group = apiVersion.substring(0, Math.max(0, apiVersion.indexOf('/')));
        return group.contains(".") && !group.endsWith(".k8s.io") || group.equals("extensions");
    }

    /** Whether it is a patch that kustomize applies. */
    boolean isPatch() {
        return object.has("$patch");
    }

    boolean isList() {
        return kind().endsWith("List") && object.path("items").isArray();
    }

    /** The line of this part of the object. */
    int lineOf(JsonNode part) {
        return lines.getOrDefault(part, line);
    }
}
