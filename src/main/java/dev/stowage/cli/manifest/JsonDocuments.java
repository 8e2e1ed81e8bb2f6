package dev.stowage.cli.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** JSON documents, one after the other with or without line ends between them, as {@code kubectl get -o json} and jq write them. */
final class JsonDocuments implements Documents {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonParser parser;
    private Map<JsonNode, Integer> lines = new IdentityHashMap<>();
    private int values;
    private long begin;

    JsonDocuments(Reader text) throws IOException {
        this.parser = JsonFactory.builder()
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Bounds.DEPTH)
                        .maxStringLength(Bounds.DOCUMENT_CHARACTERS)
                        .build())
                .build()
                .createParser(text);
    }

    @Override
    public Optional<Document> next() throws IOException {
        try {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            lines = new IdentityHashMap<>();
            values = 0;
            begin = parser.currentTokenLocation().getCharOffset();
            int line = line();
            return Optional.of(new Document(line, value(), lines));
        } catch (StreamConstraintsException e) {
            boolean depth = String.valueOf(e.getOriginalMessage()).contains("depth");
            throw new MalformedException(line(), depth ? Bounds.TOO_DEEP : Bounds.TOO_LONG);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? line() : e.getLocation().getLineNr();
            throw new MalformedException(
                    line,
                    "is not valid JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    private JsonNode value() throws IOException {
        if (++values > Bounds.DOCUMENT_VALUES) {
            throw new MalformedException(line(), Bounds.TOO_MANY);
        }
        if (parser.currentTokenLocation().getCharOffset() - begin > Bounds.DOCUMENT_CHARACTERS) {
            throw new MalformedException(line(), Bounds.TOO_LONG);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_TRUE -> JSON.booleanNode(true);
            case VALUE_FALSE -> JSON.booleanNode(false);
            case VALUE_NULL -> JSON.nullNode();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JSON.numberNode(parser.getDoubleValue());
            default -> JSON.textNode(parser.getText());
        };
    }

    private ObjectNode object() throws IOException {
        ObjectNode object = JSON.objectNode();
        lines.put(object, line());
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if ("image".equals(name) || "reference".equals(name)) {
                lines.put(object, line());
            }
            parser.nextToken();
            object.set(name, value());
        }
        return object;
    }

    private ArrayNode array() throws IOException {
        ArrayNode array = JSON.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value());
        }
        return array;
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }
}
