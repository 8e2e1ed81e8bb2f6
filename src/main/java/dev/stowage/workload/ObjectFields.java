package dev.stowage.workload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** Reduces objects while they are parsed. Only those of kinds whose pod specs are found by their shape are searched for them. */
final class ObjectFields {

    private final NeededFields named;
    private final NeededFields searching;
    private final List<CustomKind> byShape;

    ObjectFields(NeededFields named, List<CustomKind> customKinds) {
        this.named = named;
        this.searching = named.searching();
        this.byShape = customKinds.stream().filter(CustomKind::byShape).toList();
    }

    /**
     * Reads the needed fields of an object.
     *
     * @param apiVersion its API version if it is known before it is read; else empty
     * @param kind its kind likewise
     */
    JsonNode read(JsonParser parser, ReductionLimits limits, String apiVersion, String kind) throws IOException {
        if (byShape.isEmpty() || parser.currentToken() != JsonToken.START_OBJECT) {
            return named.read(parser, limits);
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        limits.enter();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            boolean searches = searches(
                    object.path("apiVersion").asText(apiVersion),
                    object.path("kind").asText(kind));
            (searches ? searching : named).readField(object, name, parser, limits);
        }
        limits.leave();
        return object;
    }

    /** An object whose kind comes after its spec is searched: what is found so contains what the named fields contain. */
    private boolean searches(String apiVersion, String kind) {
        return apiVersion.isEmpty()
                || kind.isEmpty()
                || byShape.stream().anyMatch(custom -> custom.isOf(apiVersion, kind));
    }
}
