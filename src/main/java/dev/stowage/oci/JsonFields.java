package dev.stowage.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.image.Digest;
import dev.stowage.image.Printable;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a JSON object, read as strictly as Go reads them into its structs: null is absent, a wrong type is an error. */
final class JsonFields {

    private final JsonNode object;
    private final String path;

    JsonFields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** The string of this name; empty when absent. */
    String text(String name) throws InvalidDocumentException {
        JsonNode value = object.get(name);
        if (isAbsent(value)) {
            return "";
        }
        if (!value.isTextual()) {
            throw wrongType(name, "a string");
        }
        return InternedStrings.shared(value.textValue());
    }

    /** The object of this name. */
    Optional<JsonFields> object(String name) throws InvalidDocumentException {
        JsonNode value = object.get(name);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw wrongType(name, "an object");
        }
        return Optional.of(new JsonFields(value, path + "." + name));
    }

    /** The objects in the array of this name; none when absent. */
    List<JsonFields> objects(String name) throws InvalidDocumentException {
        List<JsonFields> objects = new ArrayList<>();
        for (JsonNode item : array(name)) {
            if (!item.isObject()) {
                throw wrongType(name, "an array of objects");
            }
            objects.add(new JsonFields(item, path + "." + name + "[" + objects.size() + "]"));
        }
        return objects;
    }

    /** This object as a descriptor (image-spec {@code descriptor.md}). */
    Descriptor asDescriptor() throws InvalidDocumentException {
        String digestText = text("digest");
        Digest digest = Digest.parse(digestText)
                .orElseThrow(() -> InvalidDocumentException.malformed(
                        path + ".digest is not a valid digest: \"" + Printable.of(digestText) + "\""));
        Optional<JsonFields> platform = object("platform");
        return new Descriptor(
                text("mediaType"),
                digest,
                size(),
                platform.isPresent() ? Optional.of(platform.get().asPlatform()) : Optional.empty(),
                text("artifactType"),
                annotations());
    }

    /** This object as a platform, of an index entry or a config. */
    Platform asPlatform() throws InvalidDocumentException {
        List<String> features = new ArrayList<>();
        for (JsonNode feature : array("os.features")) {
            if (!feature.isTextual()) {
                throw wrongType("os.features", "an array of strings");
            }
            features.add(feature.textValue());
        }
        return new Platform(text("os"), text("architecture"), text("variant"), text("os.version"), features);
    }

    private long size() throws InvalidDocumentException {
        JsonNode value = object.get("size");
        if (isAbsent(value)) {
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw wrongType("size", "a number of bytes");
        }
        return value.longValue();
    }

    private Map<String, String> annotations() throws InvalidDocumentException {
        Optional<JsonFields> annotations = object("annotations");
        if (annotations.isEmpty()) {
            return Map.of();
        }
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, JsonNode> annotation : annotations.get().object.properties()) {
            texts.put(
                    InternedStrings.shared(annotation.getKey()),
                    annotations.get().text(annotation.getKey()));
        }
        return texts;
    }

    private Iterable<JsonNode> array(String name) throws InvalidDocumentException {
        JsonNode value = object.get(name);
        if (isAbsent(value)) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrongType(name, "an array");
        }
        return value;
    }

    private InvalidDocumentException wrongType(String name, String expected) {
        return InvalidDocumentException.malformed(path + "." + name + " is not " + expected);
    }

    private static boolean isAbsent(JsonNode value) {
        return value == null || value.isNull();
    }
}
