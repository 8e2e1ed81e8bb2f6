package dev.stowage.registry.credentials;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Host and path of a key, taken apart as Go's {@code net/url.Parse} does after {@code https://}, since that is what the kubelet
 * sees of it: a query and a fragment are cut off, a user is ignored, and a text that Go refuses is not a valid location.
 *
 * @param host the host with its port, in the case it was written
 * @param path the path with its leading slash, percent signs decoded; empty when there is none
 */
record RegistryKeyUrl(String host, String path) {

    private static final String HOST_MARKS = "!$&'()*+,;=:[]<>\"-_.~";
    private static final String USER_MARKS = "-._:~!$&'()*+,;=%@";

    /**
     * Reads a key without its scheme.
     *
     * @return nothing when Go would refuse it, and when its host contains a percent sign, which no image's host does
     */
    static Optional<RegistryKeyUrl> parse(String text) {
        int fragment = text.indexOf('#');
        String address = fragment < 0 ? text : text.substring(0, fragment);
        if (fragment >= 0 && decoded(text.substring(fragment + 1)).isEmpty() || hasControlCharacter(address)) {
            return Optional.empty();
        }
        int query = address.indexOf('?');
        String place = query < 0 ? address : address.substring(0, query);
        int slash = place.indexOf('/');
        String authority = slash < 0 ? place : place.substring(0, slash);
        Optional<String> path = decoded(slash < 0 ? "" : place.substring(slash));
        int at = authority.lastIndexOf('@');
        String host = authority.substring(at + 1);
        if (path.isEmpty() || at >= 0 && !isUser(authority.substring(0, at)) || !isHost(host)) {
            return Optional.empty();
        }
        return Optional.of(new RegistryKeyUrl(host, path.get()));
    }

    private static boolean isUser(String user) {
        return consistsOf(user, USER_MARKS) && decoded(user).isPresent();
    }

    private static boolean isHost(String host) {
        int port;
        if (host.startsWith("[")) {
            int close = host.lastIndexOf(']');
            if (close < 0) {
                return false;
            }
            port = close + 1;
        } else {
            int colon = host.lastIndexOf(':');
            port = colon < 0 ? host.length() : colon;
        }
        return isOptionalPort(host.substring(port)) && consistsOf(host, HOST_MARKS);
    }

    private static boolean isOptionalPort(String port) {
        if (port.isEmpty()) {
            return true;
        }
        return port.charAt(0) == ':' && port.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean consistsOf(String text, String marks) {
        return text.chars()
                .allMatch(c -> c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || c >= 0x80 && marks.equals(HOST_MARKS)
                        || marks.indexOf(c) >= 0);
    }

    private static boolean hasControlCharacter(String text) {
        return text.chars().anyMatch(c -> c < ' ' || c == 0x7f);
    }

    private static Optional<String> decoded(String text) {
        if (text.indexOf('%') < 0) {
            return Optional.of(text);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                decoded.write(bytes[i]);
                continue;
            }
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            decoded.write(high << 4 | low);
            i += 2;
        }
        return Optional.of(decoded.toString(StandardCharsets.UTF_8));
    }
}
