package dev.stowage.oci;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the needed fields of one JSON document and skips the others. A registry may serve megabytes of tiny values, each of which would
 * take twenty times its size as a node, so the number of fields and of values is limited.
 */
final class NeededJson {

    static final int MAX_FIELDS = 100_000;
    static final int MAX_VALUES = 200_000;

    private static final String ANNOTATIONS = "annotations";
    private static final Set<String> FIELDS = Set.of(
            "mediaType",
            "fsLayers",
            "manifests",
            "config",
            "layers",
            "artifactType",
            "digest",
            "size",
            "platform",
            ANNOTATIONS,
            "os",
            "architecture",
            "variant",
            "os.version",
            "os.features",
            "rootfs",
            "diff_ids");

    /** The fields by their names in lower case: Go compares names so. */
    private static final Map<String, String> BY_LOWER_CASE =
            FIELDS.stream().collect(Collectors.toMap(name -> name.toLowerCase(Locale.ROOT), name -> name));

    private final JsonParser parser;
    private final String what;
    private int fields;
    private int values;

    /** @param what names the document in messages */
    NeededJson(JsonParser parser, String what) {
        this.parser = parser;
        this.what = what;
    }

    /**
     * The needed fields of the current value; the parser ends at its last token.
     *
     * @throws InvalidDocumentException when it has too many fields or values
     */
    JsonNode read() throws IOException, InvalidDocumentException {
        return value(parser.currentToken());
    }

    private JsonNode value(JsonToken token) throws IOException, InvalidDocumentException {
        count(token);
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> nodes.textNode(parser.getText());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? nodes.numberNode(parser.getBigIntegerValue())
                        : nodes.numberNode(parser.getLongValue());
            // no needed field is one: only the type matters
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(0.0);
            case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(token == JsonToken.VALUE_TRUE);
            default -> nodes.nullNode();
        };
    }

    private ObjectNode object() throws IOException, InvalidDocumentException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            count(JsonToken.FIELD_NAME);
            String name = field(parser.currentName());
            JsonToken token = parser.nextToken();
            if (name == null) {
                skip(token);
            } else if (name.equals(ANNOTATIONS) && token == JsonToken.START_OBJECT) {
                object.set(name, annotations());
            } else {
                object.set(name, value(token));
            }
        }
        return object;
    }

    /** The needed field of this name, in any case; null if it is not needed. */
    private static @Nullable String field(String name) {
        return FIELDS.contains(name) ? name : BY_LOWER_CASE.get(name.toLowerCase(Locale.ROOT));
    }

    /** Of annotations those that count, and those of a wrong type. */
    private ObjectNode annotations() throws IOException, InvalidDocumentException {
        ObjectNode annotations = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            count(JsonToken.FIELD_NAME);
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL;
            if (!text || Descriptor.ANNOTATIONS.contains(name)) {
                annotations.set(name, value(token));
            } else {
                count(token);
            }
        }
        return annotations;
    }

    private ArrayNode array() throws IOException, InvalidDocumentException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(token));
        }
        return array;
    }

    private void skip(JsonToken first) throws IOException, InvalidDocumentException {
        int depth = 0;
        JsonToken token = first;
        while (true) {
            if (token == JsonToken.FIELD_NAME) {
                count(token);
            } else if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
            if (depth == 0) {
                return;
            }
            token = parser.nextToken();
        }
    }

    private void count(JsonToken token) throws InvalidDocumentException {
        int counted = token == JsonToken.FIELD_NAME ? ++fields : ++values;
        if (counted > (token == JsonToken.FIELD_NAME ? MAX_FIELDS : MAX_VALUES)) {
            throw InvalidDocumentException.malformed("the " + what + " has more than " + (counted - 1)
                    + (token == JsonToken.FIELD_NAME ? " fields" : " values"));
        }
    }
}
