package dev.stowage.attestation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Walks through JSON without building it. Values of another type than expected are passed over. */
final class JsonStream {

    /** No text that is kept is longer for a reason. */
    private static final int MAX_KEPT = 1_000;

    private JsonStream() {}

    /** Reads the value of a field, or passes over it; the parser is at its first token, and must be at its last one afterwards. */
    @FunctionalInterface
    interface Field {
        void read(String name) throws IOException;
    }

    /** Reads an item. */
    @FunctionalInterface
    interface Item {
        void read() throws IOException;
    }

    /** Reads the fields of the object at whose beginning the parser is. */
    static void fields(JsonParser parser, Field field) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            field.read(name);
        }
    }

    /** Reads each object in the list at whose beginning the parser is, if it is a list. */
    static void objects(JsonParser parser, Item item) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                item.read();
            } else {
                parser.skipChildren();
            }
        }
    }

    /** The string that the parser is at, cut after 1,000 characters; empty for anything else, which is passed over. */
    static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            return text.length() > MAX_KEPT ? text.substring(0, MAX_KEPT) : text;
        }
        parser.skipChildren();
        return "";
    }
}
