package dev.stowage.bench.attack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.bench.ApiServerConnection.Answer;
import java.io.IOException;

/**
 * The answer to a review as an API server would understand it.
 *
 * @param uid the uid that it repeats; empty if it is not an answer
 * @param decision what it decides, in words
 * @param message the reason of a denial, or the first warning
 */
record Reply(String uid, String decision, String message) {

    static final String DENIED = "denied";
    static final String ADMITTED = "admitted";
    static final String WARNED = "admitted with a warning";

    private static final ObjectMapper JSON = new ObjectMapper();

    static Reply of(Answer answer) {
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
            return warnings.isEmpty()
                    ? new Reply(uid, ADMITTED, "")
                    : new Reply(uid, WARNED, warnings.path(0).asText());
        } catch (IOException e) {
            return new Reply("", "not JSON", String.valueOf(answer.body()));
        }
    }
}
