package dev.stowage.registry.credentials.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the small JSON responses of token services. What is not JSON has no fields. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern CODE = Pattern.compile("[A-Za-z_]{1,64}");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

    private Json() {}

    static JsonNode read(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            // its message would have text of the response
            return MissingNode.getInstance();
        }
    }

    /** A secret of this name: printable, without blanks, not longer than is kept; empty where there is none. */
    static Optional<String> secret(JsonNode object, String name) {
        return Optional.ofNullable(object.path(name).textValue())
                .filter(text -> text.length() <= CloudToken.MAX_LENGTH
                        && PRINTABLE.matcher(text).matches());
    }

    /** A text that may be shown in a message: only if it has the form of an error code; else {@code "HTTP 403"}. */
    static String code(String code, int status) {
        String name = code.substring(code.lastIndexOf('#') + 1);
        return CODE.matcher(name).matches() ? name : "HTTP " + status;
    }
}
