package dev.stowage.registry.credentials.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What requests to AWS are signed with. Printing it never shows a secret.
 *
 * @param accessKey the name of the key
 * @param secretKey the key
 * @param sessionToken the token of temporary credentials
 * @param expires when they end; {@link Instant#MAX} for never
 */
record AwsCredentials(String accessKey, String secretKey, Optional<String> sessionToken, Instant expires) {

    AwsCredentials {
        Objects.requireNonNull(sessionToken, "sessionToken");
        Objects.requireNonNull(expires, "expires");
        if (accessKey.isEmpty() || secretKey.isEmpty()) {
            throw new IllegalArgumentException("a key has a name and a secret");
        }
    }

    /** Reads what the container credentials endpoint and the instance metadata service respond with; empty for anything else. */
    static Optional<AwsCredentials> parse(byte[] body) {
        JsonNode object = Json.read(body);
        Optional<String> accessKey = Json.secret(object, "AccessKeyId");
        Optional<String> secretKey = Json.secret(object, "SecretAccessKey");
        try {
            Instant expires = Instant.parse(object.path("Expiration").asText());
            return accessKey.isPresent() && secretKey.isPresent()
                    ? Optional.of(
                            new AwsCredentials(accessKey.get(), secretKey.get(), Json.secret(object, "Token"), expires))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "AwsCredentials[…]";
    }
}
