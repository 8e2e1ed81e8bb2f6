package dev.stowage.registry.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The HTTP proxies that lie between here and the registries, as the environment names them. Loopback hosts are always contacted
 * directly.
 *
 * @param https the proxy for https
 * @param http the proxy for plain http
 * @param except what is contacted directly
 */
public record Proxies(Optional<HttpProxy> https, Optional<HttpProxy> http, List<NoProxyEntry> except) {

    /** No proxies: every registry is contacted directly. */
    public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), List.of());

    public Proxies {
        except = List.copyOf(except);
    }

    /**
     * Reads {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, or the same in lower case.
     *
     * @throws IllegalArgumentException when a proxy is named that is not a {@code http://[user:password@]host:port}
     */
    public static Proxies from(Map<String, String> environment) {
        List<NoProxyEntry> except = new ArrayList<>();
        for (String name : variable(environment, "NO_PROXY").orElse("").split("[,\\s]+")) {
            if (!name.isEmpty()) {
                except.add(NoProxyEntry.parse(name));
            }
        }
        return new Proxies(proxy(environment, "HTTPS_PROXY"), proxy(environment, "HTTP_PROXY"), except);
    }

    private static Optional<HttpProxy> proxy(Map<String, String> environment, String name) {
        return variable(environment, name).map(text -> HttpProxy.parse(name, text));
    }

    /** An empty variable is as good as none. */
    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Stream.of(name, name.toLowerCase(Locale.ROOT))
                .map(spelling -> environment.getOrDefault(spelling, ""))
                .filter(text -> !text.isBlank())
                .findFirst();
    }

    /** The proxy for this address; empty when it is contacted directly. */
    public Optional<HttpProxy> proxyFor(URI uri) {
        Optional<HttpProxy> proxy = "https".equals(uri.getScheme()) ? https : http;
        return proxy.filter(p -> !isDirect(uri));
    }

    private boolean isDirect(URI uri) {
        String host = Authority.withoutBrackets(uri.getHost()).toLowerCase(Locale.ROOT);
        return Authority.isLoopback(host)
                || except.stream().anyMatch(entry -> entry.covers(host, Authority.portOf(uri)));
    }

    /** What {@code java.net.http} asks for the proxy of each request. */
    public ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(proxyFor(uri)
                        .map(proxy -> new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.host(), proxy.port())))
                        .orElse(Proxy.NO_PROXY));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {
                // the failed request says so itself
            }
        };
    }
}
