package dev.stowage.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bearer token as a token service gave it. Printing it never shows the token.
 *
 * @param value what stands after {@code Bearer}
 * @param lifetime how long it is good for, counted from when it was given
 */
public record Token(String value, Duration lifetime) {

    /** What a token is good for whose service does not say (distribution's token specification). */
    public static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(60);

    private static final Duration MAX_LIFETIME = Duration.ofDays(1);
    private static final Duration MAX_MARGIN = Duration.ofSeconds(30);
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");
    private static final ObjectMapper JSON = new ObjectMapper();

    public Token {
        Objects.requireNonNull(lifetime, "lifetime");
        if (!PRINTABLE.matcher(value).matches()) {
            throw new IllegalArgumentException("a token is printable and not empty");
        }
    }

    /**
     * Reads a token service's answer: {@code token} or {@code access_token}, and {@code expires_in} in seconds.
     *
     * @return the token; empty when the answer contains none that can be used
     */
    public static Optional<Token> parse(byte[] answer) {
        try {
            JsonNode json = JSON.readTree(answer);
            if (json == null) {
                return Optional.empty();
            }
            return text(json, "token")
                    .or(() -> text(json, "access_token"))
                    .map(value -> new Token(value, lifetime(json.path("expires_in"))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.path(field).textValue())
                .filter(text -> PRINTABLE.matcher(text).matches());
    }

    private static Duration lifetime(JsonNode seconds) {
        if (!seconds.isNumber() || seconds.doubleValue() < 1) {
            return DEFAULT_LIFETIME;
        }
        double bounded = Math.min(seconds.doubleValue(), MAX_LIFETIME.toSeconds());
        return Duration.ofSeconds((long) bounded);
    }

    /** For how long to use it: a tenth, at most 30 s, less than its lifetime, so that it does not end on the way. */
    public Duration usable() {
        Duration margin = lifetime.dividedBy(10);
        return lifetime.minus(margin.compareTo(MAX_MARGIN) > 0 ? MAX_MARGIN : margin);
    }

    @Override
    public String toString() {
        return "Token[…, " + lifetime + "]";
    }
}
