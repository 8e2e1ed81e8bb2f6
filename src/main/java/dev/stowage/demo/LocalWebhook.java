package dev.stowage.demo;

import dev.stowage.serve.ReviewHandler;
import dev.stowage.serve.ServerSettings;
import dev.stowage.serve.WebhookServer;
import dev.stowage.tls.CertificateAuthority;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Stowage's webhook in this process: its own server, over TLS with a certificate made for the occasion, on a free loopback port. */
final class LocalWebhook implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final Duration LIFE = Duration.ofDays(7);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final WebhookServer server;
    private final CertificateAuthority authority;

    private LocalWebhook(Vertx vertx, WebhookServer server, CertificateAuthority authority) {
        this.vertx = vertx;
        this.server = server;
        this.authority = authority;
    }

    /**
     * Starts it.
     *
     * @param reviews what it answers with
     * @throws IOException when it cannot listen
     */
    static LocalWebhook start(ReviewHandler reviews) throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), LIFE);
        LocalWebhook webhook =
                new LocalWebhook(vertx, new WebhookServer(vertx, ServerSettings.local(), reviews), authority);
        try {
            webhook.server
                    .start(authority.issue(List.of(HOST), Clock.systemUTC(), LIFE))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return webhook;
        } catch (ExecutionException | TimeoutException e) {
            webhook.close();
            throw new IOException("the webhook does not listen on " + HOST + ": " + e.getMessage(), e);
        }
    }

    /** Where it takes reviews: {@code https://127.0.0.1:34567/validate}. */
    URI url() {
        return URI.create("https://" + HOST + ":" + server.port() + "/validate");
    }

    /** The PEM certificate that its own is checked against: the {@code caBundle}. */
    byte[] authority() {
        return authority.certificatePem().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        vertx.close();
    }
}
