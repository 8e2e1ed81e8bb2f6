package dev.stowage.demo;

import dev.stowage.admission.AdmissionHandler;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
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
    private final HttpServer server;
    private final CertificateAuthority authority;

    private LocalWebhook(Vertx vertx, HttpServer server, CertificateAuthority authority) {
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
    static LocalWebhook start(AdmissionHandler reviews) throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), LIFE);
        ServingCertificate certificate = authority.issue(List.of(HOST), Clock.systemUTC(), LIFE);
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.chainPem()))
                        .addKeyValue(Buffer.buffer(certificate.keyPem())));
        LocalWebhook webhook = new LocalWebhook(
                vertx,
                vertx.createHttpServer(options).requestHandler(request -> answer(vertx, request, reviews)),
                authority);
        try {
            webhook.server
                    .listen(0, HOST)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return webhook;
        } catch (ExecutionException | TimeoutException e) {
            webhook.close();
            throw new IOException("the webhook does not listen on " + HOST + ": " + e.getMessage(), e);
        }
    }

    private static void answer(Vertx vertx, HttpServerRequest request, AdmissionHandler reviews) {
        Context context = vertx.getOrCreateContext();
        request.body().onSuccess(body -> reviews.handle(body.getBytes(), "application/json")
                .thenAccept(answer -> context.runOnContext(run -> request.response()
                        .setStatusCode(answer.status())
                        .putHeader("Content-Type", answer.contentType())
                        .end(Buffer.buffer(answer.body())))));
    }

    /** Where it takes reviews: {@code https://127.0.0.1:34567/validate}. */
    URI url() {
        return URI.create("https://" + HOST + ":" + server.actualPort() + "/validate");
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
