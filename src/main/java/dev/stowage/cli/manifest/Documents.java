package dev.stowage.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The documents of one input, read one after the other so that only one is in memory. */
interface Documents {

    /**
     * A document.
     *
     * @param line the line where it begins, counted from 1
     * @param value its value
     * @param lines see {@link ManifestObject#lines()}
     */
    record Document(int line, JsonNode value, Map<JsonNode, Integer> lines) {}

    /**
     * The next document; nothing at the end.
     *
     * @throws MalformedException when it cannot be read
     */
    Optional<Document> next() throws IOException;
}
