package dev.stowage.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.image.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The fields of a Kubernetes object with the path that leads to them: null is absent, as the API server reads it. */
final class Fields {

    private final JsonNode object;
    private final String path;

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** The fields of a whole object. */
    static Fields ofRoot(JsonNode object) {
        if (!object.isObject()) {
            throw new InvalidWorkloadException("a Kubernetes object must be an object, not " + typeOf(object));
        }
        return new Fields(object, "");
    }

    /** The string of this name; empty when absent. */
    String text(String name) {
        JsonNode value = object.get(name);
        if (isAbsent(value)) {
            return "";
        }
        if (!value.isTextual()) {
            throw wrongType(pathOf(name), "a string", value);
        }
        return value.textValue();
    }

    /** The string of this name; empty if it is absent or empty. */
    Optional<String> someText(String name) {
        return Optional.of(text(name)).filter(text -> !text.isEmpty());
    }

    /** The boolean of this name; false when absent. */
    boolean flag(String name) {
        JsonNode value = object.get(name);
        if (isAbsent(value)) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrongType(pathOf(name), "true or false", value);
        }
        return value.booleanValue();
    }

    /** Whether there is a field of this name, with any value. */
    boolean has(String name) {
        return object.has(name);
    }

    /** The object of this name. */
    Optional<Fields> object(String name) {
        JsonNode value = object.get(name);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw wrongType(pathOf(name), "an object", value);
        }
        return Optional.of(new Fields(value, pathOf(name)));
    }

    /** The objects in the list of this name; none when absent. */
    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode item : list(name)) {
            String itemPath = pathOf(name) + "[" + objects.size() + "]";
            if (!item.isObject()) {
                throw wrongType(itemPath, "an object", item);
            }
            objects.add(new Fields(item, itemPath));
        }
        return objects;
    }

    /** The strings in the list of this name; none when absent. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(name)) {
            if (!item.isTextual()) {
                throw wrongType(pathOf(name) + "[" + texts.size() + "]", "a string", item);
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** This object as a map of strings; null counts as the empty string, as in Go. */
    Map<String, String> asTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(entry -> texts.put(entry.getKey(), text(entry.getKey())));
        return texts;
    }

    private Iterable<JsonNode> list(String name) {
        JsonNode value = object.get(name);
        if (isAbsent(value)) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrongType(pathOf(name), "a list", value);
        }
        return value;
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static boolean isAbsent(JsonNode value) {
        return value == null || value.isNull();
    }

    private static InvalidWorkloadException wrongType(String path, String expected, JsonNode found) {
        return new InvalidWorkloadException(Printable.of(path) + " must be " + expected + ", not " + typeOf(found));
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
            case NUMBER, BOOLEAN -> "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
            case NULL, MISSING -> "nothing";
        };
    }
}
