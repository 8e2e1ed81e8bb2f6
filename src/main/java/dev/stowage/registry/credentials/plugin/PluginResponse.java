package dev.stowage.registry.credentials.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stowage.json.InvalidFieldException;
import dev.stowage.json.JsonFields;
import dev.stowage.registry.Credential;
import dev.stowage.registry.credentials.PullSecret;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code CredentialProviderResponse}. Fields that are unknown are passed over.
 *
 * @param scope for which images it may be cached
 * @param cacheDuration how long; empty where the provider's default counts, not positive for not at all
 * @param auths the credentials by the key that says which images they are for
 */
record PluginResponse(Scope scope, Optional<Duration> cacheDuration, PullSecret auths) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The images that a response is cached for: {@code cacheKeyType}. */
    enum Scope {
        /** The images of one repository. */
        IMAGE,
        /** All images of a registry. */
        REGISTRY,
        /** All images that the plug-in is run for. */
        GLOBAL
    }

    /**
     * Reads what a plug-in printed.
     *
     * @param plugin its name
     * @param apiVersion the version that the response must have
     * @throws IllegalArgumentException when it is not a response; the message is a clause that follows "returned " and shows nothing of it
     */
    static PluginResponse read(String plugin, String apiVersion, String output) {
        JsonNode document = document(output);
        if (!document.path("kind").asText().equals("CredentialProviderResponse")) {
            throw new IllegalArgumentException("something that is not a CredentialProviderResponse in JSON");
        }
        if (!document.path("apiVersion").asText().equals(apiVersion)) {
            throw new IllegalArgumentException("a response of another apiVersion than " + apiVersion);
        }
        JsonFields fields = new JsonFields(document, "");
        try {
            return new PluginResponse(scope(fields), duration(fields), PullSecret.of(plugin, auths(fields)));
        } catch (InvalidFieldException | IllegalArgumentException e) {
            // a key of "auth" could be anything
            throw new IllegalArgumentException("a response with a wrong cacheKeyType, cacheDuration or auth");
        }
    }

    private static JsonNode document(String output) {
        try {
            return JSON.readTree(output);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("something that is not a CredentialProviderResponse in JSON");
        }
    }

    private static Scope scope(JsonFields fields) {
        return switch (fields.text("cacheKeyType")) {
            case "Image" -> Scope.IMAGE;
            case "Registry" -> Scope.REGISTRY;
            case "Global" -> Scope.GLOBAL;
            default -> throw new IllegalArgumentException("cacheKeyType");
        };
    }

    private static Optional<Duration> duration(JsonFields fields) {
        return fields.someText("cacheDuration")
                .map(text -> GoDuration.parse(text).orElseThrow(() -> new IllegalArgumentException("cacheDuration")));
    }

    private static Map<String, Credential> auths(JsonFields fields) {
        Map<String, Credential> auths = new LinkedHashMap<>();
        fields.object("auth").ifPresent(auth -> auth.names()
                .forEach(key -> auths.put(
                        key, auth.object(key).map(PluginResponse::credential).orElse(Credential.ANONYMOUS))));
        return auths;
    }

    private static Credential credential(JsonFields entry) {
        String username = entry.text("username");
        // without a user container runtimes present nothing, whatever the password
        return username.isEmpty() ? Credential.ANONYMOUS : new Credential(username, entry.text("password"));
    }
}
