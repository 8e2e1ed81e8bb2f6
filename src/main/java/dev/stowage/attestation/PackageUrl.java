package dev.stowage.attestation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The parts of a package URL that matter here (package-url {@code PURL-SPECIFICATION}): {@code pkg:type/namespace/name@version?qualifiers#path}.
 *
 * @param type its type, in lower case: {@code docker}, {@code deb}, {@code npm}
 * @param name namespace and name, decoded
 * @param version its version, decoded; empty when it has none
 * @param qualifiers what follows the question mark, as written
 */
record PackageUrl(String type, String name, String version, String qualifiers) {

    private static final String SCHEME = "pkg:";

    static Optional<PackageUrl> parse(String text) {
        if (!text.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String rest = before(text.substring(SCHEME.length()), '#');
        String path = before(rest, '?');
        String qualifiers = rest.length() > path.length() ? rest.substring(path.length() + 1) : "";
        int slash = path.indexOf('/');
        if (slash <= 0) {
            return Optional.empty();
        }
        String type = path.substring(0, slash).toLowerCase(Locale.ROOT);
        String named = path.substring(slash + 1);
        // a version begins after the last "@", since a namespace may begin with one (npm)
        int at = named.lastIndexOf('@');
        boolean versioned = at > 0;
        return Optional.of(new PackageUrl(
                type,
                decode(versioned ? named.substring(0, at) : named),
                versioned ? decode(named.substring(at + 1)) : "",
                qualifiers));
    }

    /** The value of this qualifier, decoded; empty when absent. */
    String qualifier(String key) {
        for (String each : qualifiers.split("&")) {
            if (each.startsWith(key + "=")) {
                return decode(each.substring(key.length() + 1));
            }
        }
        return "";
    }

    private static String before(String text, char end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
