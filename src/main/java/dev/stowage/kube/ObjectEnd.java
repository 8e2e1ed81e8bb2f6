package dev.stowage.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** The end of the object that a parser is at the beginning of, for going on after it when reading the object has failed. */
final class ObjectEnd {

    private final JsonStreamContext outer;

    private ObjectEnd(JsonStreamContext outer) {
        this.outer = outer;
    }

    /** The end of the object whose first token is the current one. */
    static ObjectEnd of(JsonParser parser) {
        return new ObjectEnd(parser.getParsingContext().getParent());
    }

    /** Skips the rest of the object, wherever in it the parser is; the current token is then the object's last. */
    void skipTo(JsonParser parser) throws IOException {
        // nothing follows a tree's root
        while (outer != null
                && !(parser.currentToken() == JsonToken.END_OBJECT && parser.getParsingContext() == outer)) {
            if (parser.nextToken() == null) {
                return;
            }
        }
    }
}
