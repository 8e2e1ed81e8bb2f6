package dev.stowage.kube;

import dev.stowage.image.Printable;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The place of an object in a cluster.
 *
 * @param namespace its namespace
 * @param name its name
 */
public record ObjectName(String namespace, String name) {

    private static final int MAX_LENGTH = 253;
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    public ObjectName {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
    }

    /**
     * Reads {@code namespace/name}.
     *
     * @throws IllegalArgumentException when it is not of that form; the message shows it
     */
    public static ObjectName parse(String text) {
        int slash = text.indexOf('/');
        ObjectName read = new ObjectName(text.substring(0, Math.max(0, slash)), text.substring(slash + 1));
        if (!read.possible()) {
            throw new IllegalArgumentException("\"" + Printable.of(text) + "\" is not of the form namespace/name");
        }
        return read;
    }

    /**
     * Whether an object could have this name (RFC 1123). No other name may ever become part of a request: with dots and
     * slashes it would name something else, in another namespace even.
     */
    public boolean possible() {
        return isSubdomain(namespace) && isSubdomain(name);
    }

    private static boolean isSubdomain(String text) {
        return text.length() <= MAX_LENGTH && SUBDOMAIN.matcher(text).matches();
    }
}
