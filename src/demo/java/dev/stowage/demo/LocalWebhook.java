package dev.stowage.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.AdmissionResponse;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.admission.ClusterView;
import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.config.Settings;
import dev.stowage.engine.Engine;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import dev.stowage.workload.WorkloadReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Stowage's engine and admission handler behind a small HTTPS server in this process, for a demonstration without a cluster. The
 * nodes are the demonstration's, everything else is as where nothing is configured.
 */
final class LocalWebhook implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final String PATH = "/validate";
    private static final Duration LIFE = Duration.ofDays(7);

    private final Engine engine =
            new Engine(Settings.local(RegistrySettings.DEFAULT), RegistryObserver.NONE, CacheObserver.NONE);
    private final AdmissionHandler reviews = new AdmissionHandler(
            new WorkloadReader(),
            engine.workloadAssessor(),
            new ClusterView(DemoNode::facts, KeyringSource.ANONYMOUS, NamespaceModes.NONE, TemplateDefaults.NONE),
            () -> PolicyConfig.DEFAULT,
            BackgroundVerification.NONE,
            AdmissionObserver.NONE);
    private final CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), LIFE);
    private final HttpsServer server;

    private LocalWebhook(HttpsServer server) {
        this.server = server;
    }

    /**
     * Starts it on a free port.
     *
     * @throws IOException when it cannot listen
     */
    static LocalWebhook start() throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName(HOST), 0), 0);
        LocalWebhook webhook = new LocalWebhook(server);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context(webhook.authority.issue(List.of(HOST), Clock.systemUTC(), LIFE))));
        server.createContext(PATH, webhook::answer);
        server.start();
        return webhook;
    }

    /** Where it takes reviews: {@code https://127.0.0.1:34567/validate}. */
    URI url() {
        return URI.create("https://" + HOST + ":" + server.getAddress().getPort() + PATH);
    }

    /** The PEM certificate that its own is checked against: the {@code caBundle}. */
    byte[] authority() {
        return authority.certificatePem().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        server.stop(0);
        engine.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            AdmissionResponse answer =
                    reviews.handle(exchange.getRequestBody().readAllBytes()).join();
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private static SSLContext context(ServingCertificate certificate) {
        char[] password = {};
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(
                    "webhook", certificate.key(), password, certificate.chain().toArray(Certificate[]::new));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a certificate of our own can be served", e);
        }
    }
}
