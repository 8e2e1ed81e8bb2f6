package dev.stowage.registry.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The safe parts of a registry's error body (distribution-spec, "Error codes"): the codes, which are words of a fixed
 * form, and whether it speaks of the Accept header. Its texts are never kept.
 *
 * @param codes at most three codes such as {@code MANIFEST_UNKNOWN}, none when the body has another form
 * @param aboutAccept whether the error is about the media types requested
 */
public record ErrorCodes(List<String> codes, boolean aboutAccept) {

    private static final int MAX_CODES = 3;
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z_]{1,39}");
    private static final Pattern ACCEPT = Pattern.compile("\\baccept\\b.*\\bheader\\b|\\bheader\\b.*\\baccept\\b");
    private static final ObjectMapper JSON = new ObjectMapper();

    public ErrorCodes {
        codes = List.copyOf(codes);
    }

    public static ErrorCodes of(ResponseBody body) {
        List<String> codes = new ArrayList<>();
        boolean aboutAccept = false;
        for (JsonNode error : errors(body)) {
            String code = error.path("code").asText("");
            if (codes.size() < MAX_CODES && CODE.matcher(code).matches() && !codes.contains(code)) {
                codes.add(code);
            }
            String message = error.path("message").asText("").toLowerCase(Locale.ROOT);
            aboutAccept |= ACCEPT.matcher(message).find();
        }
        return new ErrorCodes(codes, aboutAccept);
    }

    private static JsonNode errors(ResponseBody body) {
        try {
            return body.whole() ? JSON.readTree(body.bytes()).path("errors") : JSON.missingNode();
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** Whether this is one of the codes. */
    public boolean has(String code) {
        return codes.contains(code);
    }

    /** The codes as a bracket to put after a sentence; empty when there are none. */
    public String shown() {
        return codes.isEmpty() ? "" : " (" + String.join(", ", codes) + ")";
    }
}
