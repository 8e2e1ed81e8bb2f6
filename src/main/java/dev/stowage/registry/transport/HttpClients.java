package dev.stowage.registry.transport;

import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.net.HttpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** One HTTP client for each set of certificate authorities, since what a client trusts is fixed. */
public final class HttpClients implements AutoCloseable {

    static {
        // read once by java.net.http. A request to a checked address names the host in its header; and anybody may name
        // any number
        // of hosts, so idle connections are few and do not stay long (17 keeps them for 20 minutes)
        setUnlessSet("jdk.httpclient.allowRestrictedHeaders", "host");
        setUnlessSet("jdk.httpclient.connectionPoolSize", "256");
        setUnlessSet("jdk.httpclient.keepalive.timeout", "30");
        // by default Basic is left out of what proxies for https get
        setUnlessSet("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    /** False where {@code java.net.http} was used before this class. */
    static final boolean CAN_NAME_HOST = canNameHost();

    private final RegistrySettings settings;
    private final Executor executor;
    private volatile Clients clients;

    /** The clients as long as the authorities for all registries stay the same. */
    private record Clients(
            List<X509Certificate> trusted, ConcurrentMap<Set<X509Certificate>, HttpClient> byAuthorities) {
        Clients(List<X509Certificate> trusted) {
            this(trusted, new ConcurrentHashMap<>());
        }
    }

    public HttpClients(RegistrySettings settings, Executor executor) {
        this.settings = settings;
        this.executor = executor;
        this.clients = new Clients(settings.trusted().current());
    }

    /** The client that trusts these authorities next to those for all registries and of the Java runtime. */
    public HttpClient trusting(List<X509Certificate> authorities) {
        List<X509Certificate> trusted = settings.trusted().current();
        Clients current = clients;
        if (current.trusted() != trusted) {
            // the clients of before end when their last response has come
            current = new Clients(trusted);
            clients = current;
        }
        return current.byAuthorities().computeIfAbsent(Set.copyOf(authorities), more -> newClient(trusted, more));
    }

    /**
     * Makes a plain HTTP request to this address of its host. Over TLS the name is needed for the certificate.
     *
     * @param address the checked address
     */
    void connectTo(InetAddress address, URI uri, HttpRequest.Builder request) {
        if (!CAN_NAME_HOST
                || !"http".equals(uri.getScheme())
                || Authority.isLiteral(Authority.withoutBrackets(uri.getHost()))) {
            return;
        }
        URI target = at(address, uri);
        if (proxyFor(target).isEmpty()) {
            request.uri(target).setHeader("Host", Authority.of(uri));
        }
    }

    /** The proxy that lies between here and this URI; empty when it is contacted directly. */
    Optional<HttpProxy> proxyFor(URI uri) {
        return settings.proxies().proxyFor(uri);
    }

    /**
     * Gives the proxy its credentials. An {@link java.net.Authenticator} would be asked by registries, too. Over TLS
     * {@code java.net.http} sends this header with CONNECT alone, and no other header of the request with it.
     */
    public void authorizeProxy(URI uri, HttpRequest.Builder request) {
        proxyFor(uri)
                .flatMap(HttpProxy::authorization)
                .ifPresent(authorization -> request.setHeader("Proxy-Authorization", authorization));
    }

    private static URI at(InetAddress address, URI uri) {
        String literal = address.getHostAddress();
        String host = literal.indexOf(':') < 0 ? literal : "[" + literal + "]";
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create("http://" + host + port + uri.getRawPath() + query);
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static boolean canNameHost() {
        try {
            HttpRequest.newBuilder().setHeader("Host", "example.com");
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private HttpClient newClient(List<X509Certificate> trusted, Set<X509Certificate> more) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                // one connection for one request, so that the limit of requests is one of connections
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .proxy(settings.proxies().selector())
                .executor(executor);
        Set<X509Certificate> authorities = new HashSet<>(more);
        authorities.addAll(trusted);
        if (!authorities.isEmpty()) {
            builder.sslContext(contextTrusting(authorities));
        }
        return builder.build();
    }

    private static SSLContext contextTrusting(Set<X509Certificate> authorities) {
        try {
            Set<X509Certificate> all = new HashSet<>(authorities);
            for (TrustManager manager : managers(null)) {
                if (manager instanceof X509TrustManager trust) {
                    all.addAll(List.of(trust.getAcceptedIssuers()));
                }
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate authority : all) {
                store.setCertificateEntry("ca" + number++, authority);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(store), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java runtime has TLS and key stores", e);
        }
    }

    private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** Ends the clients where the Java runtime can (21 and later); before that they end when nothing refers to them. */
    @Override
    public void close() {
        for (HttpClient client : clients.byAuthorities().values()) {
            try {
                HttpClient.class.getMethod("shutdownNow").invoke(client);
            } catch (NoSuchMethodException e) {
                break;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("HttpClient.shutdownNow is public", e);
            }
        }
        clients.byAuthorities().clear();
    }
}
