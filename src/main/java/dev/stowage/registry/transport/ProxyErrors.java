package dev.stowage.registry.transport;

import dev.stowage.async.Causes;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.net.HttpProxy;
import dev.stowage.registry.transport.ExchangeResult.Blame;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Describes what went wrong at a proxy, before the registry was reached. */
final class ProxyErrors {

    private static final Pattern TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

    private ProxyErrors() {}

    /** Whether the proxy wants credentials. Over TLS a registry could return the status too, but only within a session. */
    static boolean isFromProxy(HttpResponse<?> response) {
        return response.statusCode() == HttpURLConnection.HTTP_PROXY_AUTH
                && ("http".equals(response.request().uri().getScheme())
                        || response.sslSession().isEmpty());
    }

    /** The failure of a proxy that wants credentials, or others. */
    static Failure unauthorized(HttpProxy proxy, HttpHeaders headers) {
        List<String> challenges = headers.allValues("Proxy-Authenticate");
        boolean basic = challenges.isEmpty()
                || challenges.stream()
                        .anyMatch(
                                challenge -> challenge.toLowerCase(Locale.ROOT).contains("basic"));
        String name = "the proxy " + proxy.description();
        if (!basic) {
            return permanent(
                    name + " requires another authentication than Basic (407), which is not supported: use a proxy"
                            + " with Basic authentication, or one that admits this client by its address");
        }
        return permanent(
                proxy.login().isPresent()
                        ? name + " rejected its user name or password (407): correct them in " + proxy.variable()
                        : name + " requires a user name and password (407): set " + proxy.variable()
                                + " to http://user:password@host:port");
    }

    /** Why there was no connection to the proxy, or none through it; empty if the error is about something else. */
    static Optional<Failure> of(Throwable error, HttpProxy proxy, String host) {
        String name = "the proxy " + proxy.description();
        Optional<Matcher> refused = Causes.chain(error)
                .map(cause -> TUNNEL.matcher(String.valueOf(cause.getMessage())))
                .filter(Matcher::find)
                .findFirst();
        if (refused.isPresent()) {
            int status = Integer.parseInt(refused.get().group(1));
            String reason = name + " does not connect to " + host + " (" + status + "): allow it there, or add " + host
                    + " to NO_PROXY";
            return Optional.of(StatusMapping.worthRetrying(status) ? retryable(reason) : permanent(reason));
        }
        if (Causes.find(error, HttpConnectTimeoutException.class).isPresent()) {
            return Optional.of(retryable("no connection to " + name
                    + " in time: check that it is up, and that firewalls and network policies allow the connection"));
        }
        if (Causes.find(error, UnknownHostException.class).isPresent()
                || Causes.find(error, UnresolvedAddressException.class).isPresent()) {
            return Optional.of(permanent(name + " has a name that does not resolve: check its spelling and DNS"));
        }
        return Causes.find(error, ConnectException.class)
                .map(any -> retryable("no connection to " + name + ": check that it runs there, and the port"));
    }

    private static Failure permanent(String reason) {
        return Failure.permanent(Kind.UNAVAILABLE, reason).withBlame(Blame.HOST);
    }

    private static Failure retryable(String reason) {
        return Failure.retryable(Kind.UNAVAILABLE, reason).withBlame(Blame.HOST);
    }
}
