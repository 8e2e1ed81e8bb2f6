package dev.stowage.registry.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110, 11.6.1), read as leniently as registries write it.
 *
 * @param scheme the scheme in lower case, such as {@code bearer}
 * @param parameters the parameters; names in lower case, values without quotes and escapes
 */
public record Challenge(String scheme, Map<String, String> parameters) {

    private static final int MAX_LENGTH = 8192;

    public Challenge {
        scheme = scheme.toLowerCase(Locale.ROOT);
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads all challenges of an answer.
     *
     * @param headers the values of its {@code WWW-Authenticate} lines, each with one or more challenges
     * @return the challenges in the order in which they came; lines longer than 8 KiB are left out
     */
    public static List<Challenge> parse(List<String> headers) {
        List<Challenge> challenges = new ArrayList<>();
        for (String header : headers) {
            if (header.length() <= MAX_LENGTH) {
                new Reader(header, challenges).read();
            }
        }
        return List.copyOf(challenges);
    }

    /** The challenge to answer: a bearer challenge with a realm before a basic one; empty when there is neither. */
    public static Optional<Challenge> choose(List<Challenge> challenges) {
        return challenges.stream()
                .filter(challenge -> challenge.isBearer() && !challenge.realm().isEmpty())
                .findFirst()
                .or(() -> challenges.stream().filter(Challenge::isBasic).findFirst());
    }

    /** Whether a token is requested (RFC 6750). */
    public boolean isBearer() {
        return "bearer".equals(scheme);
    }

    /** Whether user and password are requested (RFC 7617). */
    public boolean isBasic() {
        return "basic".equals(scheme);
    }

    /** The realm: for a bearer challenge the address of the token service; empty when there is none. */
    public String realm() {
        return parameters.getOrDefault("realm", "");
    }

    /** The service that the token is to be for; empty when the challenge names none. */
    public String service() {
        return parameters.getOrDefault("service", "");
    }

    /** The scopes that the token is to have, none when the challenge names none. */
    public List<String> scopes() {
        String scope = parameters.getOrDefault("scope", "").trim();
        return scope.isEmpty() ? List.of() : List.of(scope.split("\\s+"));
    }

    /** Goes through one header line once, never fails, and takes what it can make sense of. */
    private static final class Reader {

        private final String text;
        private final List<Challenge> found;
        private int at;
        private String scheme;
        private Map<String, String> parameters = new TreeMap<>();

        Reader(String text, List<Challenge> found) {
            this.text = text;
            this.found = found;
        }

        void read() {
            while (skip(" \t,")) {
                String word = until(" \t,=\"");
                skip(" \t");
                if (at < text.length() && text.charAt(at) == '=') {
                    at++;
                    parameter(word);
                } else if (!word.isEmpty()) {
                    finish();
                    scheme = word;
                } else {
                    at++; // a quote out of place
                }
            }
            finish();
        }

        private void parameter(String name) {
            skip(" \t");
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : until(" \t,");
            if (scheme != null && !name.isEmpty()) {
                parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
            }
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at++;
            return value.toString();
        }

        private String until(String ends) {
            int start = at;
            while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        private boolean skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at < text.length();
        }

        private void finish() {
            if (scheme != null) {
                found.add(new Challenge(scheme, parameters));
            }
            scheme = null;
            parameters = new TreeMap<>();
        }
    }
}
