package dev.stowage.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.bench.ApiServerConnection.Answer;
import java.io.IOException;
import java.util.StringJoiner;

/**
 * The answer to a review as an API server would understand it.
 *
 * @param uid the uid that it repeats; empty if it is not an answer
 * @param decision what it decides, in words
 * @param message the reason of a denial, or the warnings, one a line
 */
public record Reply(String uid, String decision, String message) {

    /** The pod may not be created. */
    public static final String DENIED = "denied";

    /** It may, without a word. */
    public static final String ADMITTED = "admitted";

    /** It may, with a warning. */
    public static final String WARNED = "admitted with a warning";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Understands it. */
    public static Reply of(Answer answer) {
        if (answer.status() != 200) {
            return new Reply("", "HTTP " + answer.status(), String.valueOf(answer.body()));
        }
        try {
            JsonNode response = JSON.readTree(answer.body().getBytes()).path("response");
            String uid = response.path("uid").asText();
            if (!response.path("allowed").asBoolean()) {
                return new Reply(
                        uid, DENIED, response.path("status").path("message").asText());
            }
            JsonNode warnings = response.path("warnings");
            return warnings.isEmpty() ? new Reply(uid, ADMITTED, "") : new Reply(uid, WARNED, lines(warnings));
        } catch (IOException e) {
            return new Reply("", "not JSON", String.valueOf(answer.body()));
        }
    }

    private static String lines(JsonNode texts) {
        StringJoiner lines = new StringJoiner("\n");
        texts.forEach(text -> lines.add(text.asText()));
        return lines.toString();
    }
}
