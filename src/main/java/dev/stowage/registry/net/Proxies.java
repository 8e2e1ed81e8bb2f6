package dev.stowage.registry.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP proxies that lie between here and the registries, as the environment names them. Loopback hosts are always contacted
 * directly. Proxies that want a user name are not supported: the part before an {@code @} is left out.
 *
 * @param https the proxy for https, as {@code host:port}
 * @param http the proxy for plain http
 * @param except what is contacted directly: host names (with their subdomains), {@code host:port}, addresses, ranges, {@code *}
 */
public record Proxies(Optional<InetSocketAddress> https, Optional<InetSocketAddress> http, List<String> except) {

    /** No proxies: every registry is contacted directly. */
    public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), List.of());

    public Proxies {
        except = List.copyOf(except);
    }

    /**
     * Reads {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, or the same in lower case.
     *
     * @throws IllegalArgumentException when a proxy is named that is not a {@code http://host:port}
     */
    public static Proxies from(Map<String, String> environment) {
        List<String> except = new ArrayList<>();
        for (String name : variable(environment, "NO_PROXY").orElse("").split(",")) {
            if (!name.isBlank()) {
                except.add(name.trim().toLowerCase(Locale.ROOT));
            }
        }
        return new Proxies(
                variable(environment, "HTTPS_PROXY").map(text -> address("HTTPS_PROXY", text)),
                variable(environment, "HTTP_PROXY").map(text -> address("HTTP_PROXY", text)),
                except);
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .or(() -> Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT))))
                .filter(text -> !text.isBlank());
    }

    private static InetSocketAddress address(String name, String text) {
        String url = text.trim();
        try {
            URI uri = URI.create(url.contains("://") ? url : "http://" + url);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
                return InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
            }
        } catch (IllegalArgumentException e) {
            // falls through: the text may contain a password, so it is not shown
        }
        throw new IllegalArgumentException(name + " is not of the form http://host:port");
    }

    /** The proxy for this address; empty when it is contacted directly. */
    public Optional<InetSocketAddress> proxyFor(URI uri) {
        Optional<InetSocketAddress> proxy = "https".equals(uri.getScheme()) ? https : http;
        return proxy.filter(p -> !isDirect(uri));
    }

    private boolean isDirect(URI uri) {
        String host = Authority.withoutBrackets(uri.getHost()).toLowerCase(Locale.ROOT);
        return Authority.isLoopback(host)
                || except.stream().anyMatch(name -> excepts(name, host, Authority.portOf(uri)));
    }

    private static boolean excepts(String name, String host, int port) {
        if ("*".equals(name) || name.equals(host) || name.equals(host + ":" + port)) {
            return true;
        }
        if (name.indexOf('/') > 0) {
            return inRange(name, host);
        }
        String domain = name.startsWith("*.") ? name.substring(1) : name.startsWith(".") ? name : "." + name;
        return host.endsWith(domain);
    }

    private static boolean inRange(String range, String host) {
        if (!Authority.isLiteral(host)) {
            return false;
        }
        try {
            return Cidr.parse(range).contains(InetAddress.getByName(host));
        } catch (IllegalArgumentException | UnknownHostException e) {
            return false;
        }
    }

    public ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(proxyFor(uri)
                        .map(address -> new Proxy(
                                Proxy.Type.HTTP, new InetSocketAddress(address.getHostString(), address.getPort())))
                        .orElse(Proxy.NO_PROXY));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {
                // the failed request says so itself
            }
        };
    }
}
