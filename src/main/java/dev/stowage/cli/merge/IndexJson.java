package dev.stowage.cli.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Indexes as JSON (image-spec {@code image-index.md}), with the fields in the order in which go-containerregistry writes them, so that an index
 * made here is the same as one that crane makes.
 */
final class IndexJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> ORDER =
            List.of("mediaType", "size", "digest", "data", "urls", "annotations", "platform", "artifactType");

    private IndexJson() {}

    /**
     * An entry.
     *
     * @param descriptor what it must say
     * @param raw the entry of the source's index, whose other fields are kept
     */
    static ObjectNode entry(Descriptor descriptor, Optional<ObjectNode> raw) {
        ObjectNode entry = raw.map(ObjectNode::deepCopy).orElseGet(NODES::objectNode);
        entry.put("mediaType", descriptor.mediaType());
        entry.put("size", descriptor.size());
        entry.put("digest", descriptor.digest().toString());
        if (!entry.has("platform")) {
            descriptor.platform().ifPresent(platform -> entry.set("platform", platform(platform)));
        }
        return ordered(entry);
    }

    /** The index of these entries, as it is pushed. */
    static byte[] index(String mediaType, List<ObjectNode> entries) {
        ObjectNode index = NODES.objectNode().put("schemaVersion", 2).put("mediaType", mediaType);
        ArrayNode manifests = index.putArray("manifests");
        entries.forEach(entry -> manifests.add(ordered(entry)));
        try {
            return new ObjectMapper().writeValueAsBytes(index);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }

    private static ObjectNode ordered(ObjectNode entry) {
        ObjectNode ordered = NODES.objectNode();
        for (String name : ORDER) {
            if (entry.has(name)) {
                ordered.set(name, name.equals("annotations") ? sorted(entry.get(name)) : entry.get(name));
            }
        }
        entry.properties().forEach(field -> {
            if (!ordered.has(field.getKey())) {
                ordered.set(field.getKey(), field.getValue());
            }
        });
        return ordered;
    }

    private static JsonNode sorted(JsonNode annotations) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        annotations.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
        return NODES.objectNode().setAll(sorted);
    }

    private static ObjectNode platform(Platform platform) {
        ObjectNode json =
                NODES.objectNode().put("architecture", platform.architecture()).put("os", platform.os());
        if (!platform.osVersion().isEmpty()) {
            json.put("os.version", platform.osVersion());
        }
        if (!platform.osFeatures().isEmpty()) {
            ArrayNode features = json.putArray("os.features");
            platform.osFeatures().forEach(features::add);
        }
        if (!platform.variant().isEmpty()) {
            json.put("variant", platform.variant());
        }
        return json;
    }
}
