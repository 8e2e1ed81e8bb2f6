package dev.stowage.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.image.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object with the path that leads to them, read as strictly as Go reads them into its structs: null is absent, a wrong
 * type an {@link InvalidFieldException}. Credentials and tokens are read as a stream instead ({@code AuthsReader}, {@code Token}): names
 * of fields in any case, and no tree in memory.
 */
public final class JsonFields {

    private static final int NO_ITEM = -1;

    private final JsonNode object;

    /** What contains it, for the path; null for the root. Paths are for messages, and most objects need none. */
    private final @Nullable JsonFields parent;

    /** Of the root, the path that leads to it. */
    private final String name;

    /** The index in the list of this name; -1 for an object that is no list item. */
    private final int index;

    /**
     * @param object a JSON object
     * @param path the path that leads to it; empty for the root
     */
    public JsonFields(JsonNode object, String path) {
        this(object, null, path, NO_ITEM);
    }

    private JsonFields(JsonNode object, @Nullable JsonFields parent, String name, int index) {
        this.object = object;
        this.parent = parent;
        this.name = name;
        this.index = index;
    }

    /** The string of this name; empty when absent. */
    public String text(String name) {
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
    public Optional<String> someText(String name) {
        return Optional.of(text(name)).filter(text -> !text.isEmpty());
    }

    /** The boolean of this name; false when absent. */
    public boolean flag(String name) {
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
    public boolean has(String name) {
        return object.has(name);
    }

    /** The names of all fields, in their order. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The object of this name. */
    public Optional<JsonFields> object(String name) {
        JsonNode value = object.get(name);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw wrongType(pathOf(name), "an object", value);
        }
        return Optional.of(new JsonFields(value, this, name, NO_ITEM));
    }

    /** The objects in the list of this name; none when absent. */
    public List<JsonFields> objects(String name) {
        List<JsonFields> objects = new ArrayList<>();
        for (JsonNode item : list(name)) {
            JsonFields fields = new JsonFields(item, this, name, objects.size());
            if (!item.isObject()) {
                throw wrongType(fields.path(), "an object", item);
            }
            objects.add(fields);
        }
        return objects;
    }

    /** The strings in the list of this name; none when absent. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(name)) {
            if (!item.isTextual()) {
                throw wrongType(pathOf(name) + "[" + texts.size() + "]", "a string", item);
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** The first item of the list of this name, if it is a string. */
    public Optional<String> firstText(String name) {
        return Optional.of(object.path(name).path(0))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    /** The object of this name; empty where there is something else. */
    public Optional<JsonFields> someObject(String name) {
        JsonNode value = object.get(name);
        return value == null || !value.isObject()
                ? Optional.empty()
                : Optional.of(new JsonFields(value, this, name, NO_ITEM));
    }

    /** The strings and numbers in the object of this name, as texts; other values are left out. */
    public Map<String, String> scalars(String name) {
        Map<String, String> scalars = new LinkedHashMap<>();
        someObject(name).ifPresent(fields -> fields.object.properties().forEach(entry -> {
            if (entry.getValue().isTextual() || entry.getValue().isNumber()) {
                scalars.put(entry.getKey(), entry.getValue().asText());
            }
        }));
        return scalars;
    }

    /** Whether the value of this name is {@code true}. */
    public boolean isTrue(String name) {
        return object.path(name).isBoolean() && object.path(name).booleanValue();
    }

    /** Whether there is a list of this name that is not empty. */
    public boolean hasItems(String name) {
        return object.path(name).isArray() && !object.path(name).isEmpty();
    }

    /** The number of bytes of this name; 0 when absent. */
    public long size(String name) {
        JsonNode value = object.get(name);
        if (isAbsent(value)) {
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new InvalidFieldException(Printable.of(pathOf(name)) + " is not a number of bytes");
        }
        return value.longValue();
    }

    /** This object as a map of strings; null counts as the empty string, as in Go. */
    public Map<String, String> asTexts() {
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

    /** The path of the field of this name. */
    public String pathOf(String name) {
        String path = path();
        return path.isEmpty() ? name : path + "." + name;
    }

    private String path() {
        if (parent == null) {
            return name;
        }
        return index == NO_ITEM ? parent.pathOf(name) : parent.pathOf(name) + "[" + index + "]";
    }

    private static boolean isAbsent(@Nullable JsonNode value) {
        return value == null || value.isNull();
    }

    private static InvalidFieldException wrongType(String path, String expected, JsonNode found) {
        return new InvalidFieldException(Printable.of(path) + " must be " + expected + ", not " + typeOf(found));
    }

    /** The type of a value in words, with its article. */
    public static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
            case NUMBER, BOOLEAN -> "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
            case NULL, MISSING -> "nothing";
        };
    }
}
