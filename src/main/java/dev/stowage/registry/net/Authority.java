package dev.stowage.registry.net;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Hosts with an optional port, as they stand in references and URIs (RFC 3986, 3.2, without user information). */
public final class Authority {

    private static final Pattern AUTHORITY =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
    private static final Pattern PATH = Pattern.compile("[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*");
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");

    private Authority() {}

    /** Whether this is a host, with or without a port, that a URI can name. */
    public static boolean isValid(String text) {
        return text.length() <= 255
                && AUTHORITY.matcher(text).matches()
                && URI.create("https://" + text).getHost() != null;
    }

    /** Whether this could be the path of a repository. */
    public static boolean isRepositoryPath(String text) {
        return PATH.matcher(text).matches();
    }

    /** Whether a host, without port, is this machine by its name alone. */
    public static boolean isLoopback(String host) {
        String bare = withoutBrackets(host).toLowerCase(Locale.ROOT);
        return "localhost".equals(bare)
                || "::1".equals(bare)
                || bare.startsWith("127.") && IPV4.matcher(bare).matches();
    }

    /** The loopback address that a host, without port, is by its name alone; no name is looked up. */
    public static Optional<InetAddress> loopback(String host) {
        String bare = withoutBrackets(host);
        if (!isLoopback(bare)
                || Stream.of(bare.split("\\.")).anyMatch(part -> part.matches("\\d{3}") && part.compareTo("255") > 0)) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName("localhost".equalsIgnoreCase(bare) ? "127.0.0.1" : bare));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Whether a host, without brackets, is an address rather than a name. */
    public static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    /**
     * Whether a host looks like an IPv4 address but is not four decimal numbers. Programs disagree on such notations: {@code 010.0.0.1}
     * is 10.0.0.1 to some and 8.0.0.1 to others.
     */
    public static boolean isAmbiguous(String host) {
        return !isLiteral(host) && ENDS_IN_NUMBER.matcher(host).matches();
    }

    /** A host without the brackets of an IPv6 address. */
    public static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** The port of an http or https URI, the scheme's default where it names none. */
    static int portOf(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    /** Host and port of a URI, the port only where the URI names one. */
    public static String of(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return uri.getPort() < 0 ? host : host + ":" + uri.getPort();
    }

    /** Whether credentials for one URI may go to the other: same scheme, host and port (RFC 6454). */
    public static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && portOf(one) == portOf(other);
    }

    /** The host without its port. */
    public static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }
}
