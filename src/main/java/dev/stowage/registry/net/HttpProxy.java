package dev.stowage.registry.net;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * One HTTP proxy. Printing it never shows the password.
 *
 * @param variable the environment variable that names it, in upper case
 * @param host its host, without brackets
 * @param port its port
 * @param login its user name and password
 */
public record HttpProxy(String variable, String host, int port, Optional<Login> login) {

    private static final int DEFAULT_PORT = 80;

    public HttpProxy {
        Objects.requireNonNull(variable, "variable");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(login, "login");
    }

    /** User name and password. */
    public record Login(String user, String password) {

        /** Each part is decoded by itself, since a user name may have an encoded colon. */
        private static Login parse(String userInfo) {
            int colon = userInfo.indexOf(':');
            return colon < 0
                    ? new Login(decoded(userInfo), "")
                    : new Login(decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
        }

        private static String decoded(String part) {
            return part.isEmpty() ? "" : URI.create("http://" + part + "@host").getUserInfo();
        }

        @Override
        public String toString() {
            return "…";
        }
    }

    /**
     * Reads {@code http://[user:password@]host[:port]}, or the same without {@code http://}; user and password percent-encoded.
     *
     * @throws IllegalArgumentException when it is of another form; the message shows the variable alone, since the text may contain a password
     */
    static HttpProxy parse(String variable, String text) {
        String url = text.trim();
        try {
            URI uri = URI.create(url.contains("://") ? url : "http://" + url);
            if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
                return new HttpProxy(
                        variable,
                        Authority.withoutBrackets(uri.getHost()),
                        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                        Optional.ofNullable(uri.getRawUserInfo()).map(Login::parse));
            }
        } catch (IllegalArgumentException e) {
            // not thrown on: its message has the text
        }
        throw new IllegalArgumentException(
                variable + " is not of the form http://host:port or http://user:password@host:port;"
                        + " percent-encode special characters of user and password, such as @ (%40) and : (%3A)");
    }

    /** The value of the {@code Proxy-Authorization} header; empty where no login is configured. */
    public Optional<String> authorization() {
        return login.map(who -> (who.user() + ":" + who.password()).getBytes(StandardCharsets.UTF_8))
                .map(pair -> "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** Host and port, as a URI has them. */
    public String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** Host and port, and the variable to change. */
    public String description() {
        return authority() + " (" + variable + ")";
    }

    @Override
    public String toString() {
        return description();
    }
}
