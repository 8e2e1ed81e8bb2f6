package dev.stowage.registry.credentials;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stowage.registry.Credential;
import java.util.Optional;

/** The output of a credential helper. */
final class HelperOutput {

    /** The output of helpers that have no credentials (docker-credential-helpers, credentials/error.go), on stdout. */
    private static final String NOT_FOUND = "credentials not found";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private HelperOutput() {}

    /** Whether a helper that failed did so because it knows no credentials. */
    static boolean saysNotFound(String output) {
        return output.strip().startsWith(NOT_FOUND);
    }

    /**
     * Reads {@code {"ServerURL":…,"Username":…,"Secret":…}}.
     *
     * @return a credential, or within the outer one nothing when both fields are empty; nothing at all for garbage
     */
    static Optional<Optional<Credential>> read(String output) {
        JsonNode answer;
        try {
            answer = JSON.readTree(output);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        if (!answer.isObject()) {
            return Optional.empty();
        }
        JsonNode user = answer.path("Username");
        JsonNode secret = answer.path("Secret");
        boolean none = user.asText().isEmpty() && secret.asText().isEmpty();
        if (none) {
            return Optional.of(Optional.empty());
        }
        boolean whole = user.isTextual()
                && secret.isTextual()
                && !user.textValue().isEmpty()
                && !secret.textValue().isEmpty();
        return whole
                ? Optional.of(Optional.of(new Credential(user.textValue(), secret.textValue())))
                : Optional.empty();
    }
}
