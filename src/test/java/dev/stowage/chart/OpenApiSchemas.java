package dev.stowage.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Writes what an API server publishes of its kinds ({@code /openapi/v2}) as the JSON schemas that kubeconform reads. */
final class OpenApiSchemas {

    /** Where kubeconform finds the schema of a kind, under the folder. */
    static final String LAYOUT = "/{{.ResourceKind}}{{.KindSuffix}}.json";

    private static final String DEFINITIONS = "#/definitions/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode definitions;

    OpenApiSchemas(String published) throws IOException {
        this.definitions = JSON.readTree(published).path("definitions");
    }

    /** Writes the schemas of these kinds, each {@code group/version/Kind}, and of none that is not published. */
    void write(Path folder, Set<String> kinds) throws IOException {
        for (JsonNode definition : definitions) {
            JsonNode names = definition.path("x-kubernetes-group-version-kind");
            if (names.size() != 1) {
                continue;
            }
            String group = names.at("/0/group").asText();
            String version = names.at("/0/version").asText();
            String kind = names.at("/0/kind").asText();
            if (kinds.contains(group + "/" + version + "/" + kind)) {
                // as kubeconform calls it: of a group only the part before the first dot
                String suffix = group.isEmpty() ? "-" : "-" + group.replaceFirst("\\..*", "") + "-";
                Path file = folder.resolve(kind.toLowerCase(Locale.ROOT) + suffix + version + ".json");
                Files.writeString(file, complete(definition).toString());
            }
        }
    }

    /** With all that it refers to. */
    private ObjectNode complete(JsonNode definition) {
        ObjectNode schema = strict(definition.deepCopy());
        ObjectNode with = JSON.createObjectNode();
        Set<String> known = new HashSet<>();
        Deque<JsonNode> open = new ArrayDeque<>();
        open.push(schema);
        while (!open.isEmpty()) {
            for (JsonNode reference : open.pop().findValues("$ref")) {
                if (!reference.isTextual()) {
                    // the schema of schemas has a field of this name
                    continue;
                }
                String name = reference.asText().substring(DEFINITIONS.length());
                if (known.add(name)) {
                    ObjectNode referred = name.endsWith("api.resource.Quantity")
                            ? oneOf("string", "number")
                            : strict(definitions.path(name).deepCopy());
                    with.set(name, referred);
                    open.push(referred);
                }
            }
        }
        schema.set("definitions", with);
        return schema;
    }

    /** Fields that are not described are refused; Kubernetes' own format for "number or text" is put as JSON Schema puts it. */
    private static ObjectNode strict(JsonNode schema) {
        if (schema.path("format").asText().equals("int-or-string")) {
            return oneOf("string", "integer");
        }
        ObjectNode node = (ObjectNode) schema;
        if (node.has("properties")
                && !node.has("additionalProperties")
                && !node.has("x-kubernetes-preserve-unknown-fields")) {
            node.put("additionalProperties", false);
        }
        if (node.path("enum") instanceof ArrayNode values) {
            // Kubernetes 1.28 publishes some values twice, which JSON Schema does not allow
            Set<JsonNode> distinct = new LinkedHashSet<>();
            values.forEach(distinct::add);
            values.removeAll().addAll(distinct);
        }
        if (node.path("properties") instanceof ObjectNode properties) {
            properties.properties().forEach(property -> property.setValue(strict(property.getValue())));
        }
        for (String below : new String[] {"items", "additionalProperties"}) {
            if (node.path(below).isObject()) {
                node.set(below, strict(node.path(below)));
            }
        }
        return node;
    }

    private static ObjectNode oneOf(String... types) {
        ObjectNode node = JSON.createObjectNode();
        for (String type : types) {
            node.withArray("oneOf").addObject().put("type", type);
        }
        return node;
    }
}
