package dev.stowage.image;

import java.util.Locale;
import java.util.Optional;

/**
 * Reads one reference, from left to right and in linear time, and says of an invalid one what is wrong and how to fix it. The
 * grammar is that of {@code distribution/reference} (regexp.go, normalize.go); its expressions are walked by hand because
 * references come from strangers.
 */
final class ReferenceParser {

    private static final String LEGACY_DOCKER_HUB = "index.docker.io";
    private static final String OFFICIAL_IMAGES = "library/";
    private static final int MAX_PATH = 255;
    private static final int MAX_TAG = 128;
    private static final int IDENTIFIER_LENGTH = Digest.Algorithm.SHA256.hexLength();

    private final String text;
    private final String defaultRegistry;

    ReferenceParser(String text, String defaultRegistry) {
        this.text = text;
        this.defaultRegistry = defaultRegistry;
    }

    ImageReference parse() {
        checkWhole();
        int slash = text.indexOf('/');
        boolean named = slash >= 0 && isRegistry(text.substring(0, slash));
        String registry = named ? registry(text.substring(0, slash)) : defaultRegistry;
        String rest = named ? text.substring(slash + 1) : text;

        int at = rest.indexOf('@');
        String beforeDigest = at < 0 ? rest : rest.substring(0, at);
        int colon = beforeDigest.indexOf(':');
        String path = path(registry, colon < 0 ? beforeDigest : beforeDigest.substring(0, colon));
        Optional<String> tag = colon < 0 ? Optional.empty() : Optional.of(tag(beforeDigest.substring(colon + 1)));
        Optional<Digest> digest = at < 0 ? Optional.empty() : Optional.of(digest(rest.substring(at + 1)));
        if (tag.isEmpty() && digest.isEmpty()) {
            tag = Optional.of("latest");
        }
        return new ImageReference(text, new Repository(registry, path), tag, digest);
    }

    private void checkWhole() {
        if (text.isEmpty()) {
            throw invalid("it is empty");
        }
        if (text.contains("{{") || text.contains("${") || text.contains("$(")) {
            throw invalid("it contains a placeholder that was not replaced");
        }
        if (isBlank(text.charAt(0)) || isBlank(text.charAt(text.length() - 1))) {
            throw invalid("it has whitespace around it; remove it");
        }
        int slash = text.indexOf('/');
        for (int i = 0; i < text.length(); i++) {
            checkCharacter(text.charAt(i), i < slash);
        }
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            throw invalid("it has a scheme; write it without \"" + shown(text.substring(0, scheme + 3)) + "\"");
        }
        if (text.length() == IDENTIFIER_LENGTH && isHex(text)) {
            throw invalid(
                    "64 hexadecimal digits are not a valid name; write the repository before them: name@sha256:…");
        }
    }

    private void checkCharacter(char c, boolean inRegistry) {
        if (isBlank(c)) {
            throw invalid("it contains whitespace");
        }
        if (c < ' ' || c == 0x7f) {
            throw invalid("it contains the control character " + shown(String.valueOf(c)));
        }
        if (c > 0x7f) {
            throw invalid("it contains " + shown(String.valueOf(c)) + ", which is not ASCII"
                    + (inRegistry ? "; write the host name in its punycode form (xn--…)" : ""));
        }
    }

    /** Whether the part before the first slash is a registry and not the first part of a path. */
    private static boolean isRegistry(String first) {
        return "localhost".equals(first)
                || first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || !first.equals(first.toLowerCase(Locale.ROOT));
    }

    private String registry(String written) {
        if (LEGACY_DOCKER_HUB.equals(written)) {
            return Repository.DOCKER_HUB;
        }
        if (written.indexOf('@') >= 0) {
            throw invalid("it has \"@\" before the first slash; put user names and passwords into a pull secret,"
                    + " a digest at the end");
        }
        int bracket = written.lastIndexOf(']');
        int colon = written.indexOf(':', bracket + 1);
        String host = colon < 0 ? written : written.substring(0, colon);
        boolean bracketed = host.startsWith("[");
        if (bracketed && !isBracketedAddress(host)) {
            throw invalid("only hexadecimal digits and colons are allowed between the brackets of a registry");
        }
        if (colon >= 0 && !isNumber(written.substring(colon + 1))) {
            throw invalid("the registry \"" + shown(written) + "\" has a port that is not a number"
                    + (bracketed ? "" : "; an IPv6 address is written in brackets"));
        }
        // the last: distribution/reference reads my_registry.io/x as a path, and runtimes then split it as we do
        if (!bracketed && !isDomain(host) && !(colon < 0 && isPathPart(host, 0, host.length()))) {
            throw invalid("\"" + shown(written) + "\" is not a valid registry: neither a host name nor an address");
        }
        return written;
    }

    private String path(String registry, String written) {
        if (written.isEmpty()) {
            throw invalid("it names no repository");
        }
        boolean official = registry.equals(Repository.DOCKER_HUB) && written.indexOf('/') < 0;
        String path = official ? OFFICIAL_IMAGES + written : written;
        if (path.length() > MAX_PATH) {
            throw invalid("its repository has " + path.length() + " characters; " + MAX_PATH + " are allowed");
        }
        String lower = written.toLowerCase(Locale.ROOT);
        if (!lower.equals(written)) {
            throw invalid("repository names are lower case; write \"" + shown(lower) + "\"");
        }
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            if (from == to) {
                throw invalid("its repository has an empty part: a slash too many");
            }
            if (!isPathPart(path, from, to)) {
                throw invalid("\"" + shown(path.substring(from, to))
                        + "\" is not a valid part of a repository name: use letters and"
                        + " digits, joined by one \".\", one or two \"_\", or \"-\"");
            }
            from = to + 1;
        }
        return path;
    }

    private String tag(String written) {
        if (written.isEmpty()) {
            throw invalid("the tag after \":\" is empty");
        }
        if (written.indexOf(':') >= 0) {
            throw invalid("it has more than one tag");
        }
        if (written.length() > MAX_TAG) {
            throw invalid("its tag has " + written.length() + " characters; " + MAX_TAG + " are allowed");
        }
        boolean valid = isWord(written.charAt(0));
        for (int i = 1; valid && i < written.length(); i++) {
            char c = written.charAt(i);
            valid = isWord(c) || c == '.' || c == '-';
        }
        if (!valid) {
            throw invalid(
                    "\"" + shown(written)
                            + "\" is not a valid tag: use letters, digits and \"_\", after the first character also \".\" and \"-\"");
        }
        return written;
    }

    private Digest digest(String written) {
        if (written.isEmpty()) {
            throw invalid("the digest after \"@\" is empty");
        }
        return Digest.parse(written).orElseThrow(() -> invalid(wrongWithDigest(written)));
    }

    private static String wrongWithDigest(String written) {
        int colon = written.indexOf(':');
        if (colon < 0) {
            return "a digest is written algorithm:hex, for example sha256:…";
        }
        String label = written.substring(0, colon);
        String hex = written.substring(colon + 1);
        Optional<Digest.Algorithm> algorithm = Digest.Algorithm.labelled(label);
        if (algorithm.isEmpty()) {
            return "\"" + shown(label) + "\" is not a supported digest algorithm; use sha256, sha384 or sha512";
        }
        if (hex.indexOf(':') >= 0 || hex.indexOf('@') >= 0) {
            return "there is text after its digest; write a tag before the \"@\"";
        }
        int length = algorithm.get().hexLength();
        if (hex.length() != length) {
            return "a " + label + " digest has " + length + " hexadecimal digits, this one has " + hex.length();
        }
        return "a digest is written in lower-case hexadecimal digits";
    }

    private InvalidReferenceException invalid(String reason) {
        return new InvalidReferenceException(text, reason);
    }

    private static String shown(String part) {
        return Printable.of(part);
    }

    /** Names of letters, digits and inner hyphens, separated by single dots. */
    private static boolean isDomain(String host) {
        char previous = '.';
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean fits = isAlphanumeric(c) || c == '-' && previous != '.' || c == '.' && isAlphanumeric(previous);
            if (!fits) {
                return false;
            }
            previous = c;
        }
        return isAlphanumeric(previous);
    }

    private static boolean isBracketedAddress(String host) {
        int last = host.length() - 1;
        for (int i = 1; i < last; i++) {
            char c = host.charAt(i);
            if (c != ':' && Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return last > 1 && host.charAt(last) == ']';
    }

    /** Runs of lower-case letters and digits, joined by {@code .}, {@code _}, {@code __} or any number of {@code -}. */
    private static boolean isPathPart(String path, int from, int to) {
        int at = from;
        while (true) {
            int run = at;
            while (at < to && isLowerAlphanumeric(path.charAt(at))) {
                at++;
            }
            if (at == run) {
                return false;
            }
            if (at == to) {
                return true;
            }
            at = afterSeparator(path, at, to);
        }
    }

    /** Where the separator that begins here ends; the same place when none begins here. */
    private static int afterSeparator(String path, int from, int to) {
        char separator = path.charAt(from);
        int at = from;
        int atMost =
                switch (separator) {
                    case '.' -> 1;
                    case '_' -> 2;
                    case '-' -> to - from;
                    default -> 0;
                };
        while (at < to && at - from < atMost && path.charAt(at) == separator) {
            at++;
        }
        return at;
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isLowerAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    private static boolean isAlphanumeric(char c) {
        return isLowerAlphanumeric(c) || c >= 'A' && c <= 'Z';
    }

    private static boolean isWord(char c) {
        return isAlphanumeric(c) || c == '_';
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c);
    }
}
