package dev.stowage.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionResponse;
import dev.stowage.tls.CertificateSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * The webhook in this process, but for Quarkus: handler, certificates and readiness are the real ones, the HTTPS server is the JDK's,
 * on a free port of the loopback interface.
 */
public final class TestWebhook implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpsServer server;
    private final CertificateReloader reloader;
    private final AdmissionReadiness readiness;

    /** Starts it; does not wait until it is ready. */
    public TestWebhook(AdmissionHandler handler, CertificateSource certificates, List<ReadinessCondition> prerequisites)
            throws Exception {
        reloader = new CertificateReloader(certificates);
        reloader.start(vertx);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(new KeyManager[] {reloader.keyManager()}, null, null);
        server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        serve("/validate", body -> handler.handle(handler.read(new ByteArrayInputStream(body)))
                .join());
        serve("/steer", body -> handler.steer(handler.read(new ByteArrayInputStream(body)))
                .join());
        server.start();
        readiness = new AdmissionReadiness(prerequisites, reloader, Future::succeededFuture);
        readiness.start(vertx);
    }

    /** Answers at another path, too. */
    public void serve(String path, Function<byte[], AdmissionResponse> answering) {
        server.createContext(path, exchange -> answer(answering, exchange));
    }

    private static void answer(Function<byte[], AdmissionResponse> answering, HttpExchange exchange)
            throws IOException {
        try (exchange) {
            AdmissionResponse answer = answering.apply(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Completes when it is ready for the first time. */
    public CompletableFuture<Void> ready() {
        return readiness.ready();
    }

    /** Whether reviews should be sent here. */
    public boolean isReady() {
        return readiness.ready().isDone();
    }

    /** What the readiness probe says of each part. */
    public Map<String, String> state() {
        return readiness.state();
    }

    /** When the served certificate expires. */
    public Instant certificateExpiry() {
        return reloader.expiry();
    }

    @Override
    public void close() throws Exception {
        server.stop(0);
        threads.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
