package dev.stowage.registry.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bearer token as a token service gave it. Printing it never shows the token.
 *
 * @param value the text after {@code Bearer}
 * @param lifetime how long it is valid, from the time of the response
 */
public record Token(String value, Duration lifetime) {

    /** The lifetime of a token without {@code expires_in} (distribution's token specification). */
    public static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(60);

    private static final Duration MAX_LIFETIME = Duration.ofDays(1);
    private static final Duration MAX_MARGIN = Duration.ofSeconds(30);
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");
    private static final List<String> TOKEN_FIELDS = List.of("token", "access_token");
    private static final JsonFactory JSON = new JsonFactory();

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
        // in one pass: a tree of its fields could take twenty times the room of the answer
        Map<String, String> texts = new HashMap<>();
        Duration lifetime = DEFAULT_LIFETIME;
        try (JsonParser parser = JSON.createParser(answer)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING && TOKEN_FIELDS.contains(name)) {
                    texts.put(name, parser.getText());
                } else if (value.isNumeric() && "expires_in".equals(name)) {
                    lifetime = lifetime(parser.getDoubleValue());
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        Duration found = lifetime;
        return TOKEN_FIELDS.stream()
                .map(name -> texts.getOrDefault(name, ""))
                .filter(text -> PRINTABLE.matcher(text).matches())
                .findFirst()
                .map(value -> new Token(value, found));
    }

    private static Duration lifetime(double seconds) {
        return seconds < 1 ? DEFAULT_LIFETIME : Duration.ofSeconds((long) Math.min(seconds, MAX_LIFETIME.toSeconds()));
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
