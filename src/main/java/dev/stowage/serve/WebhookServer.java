package dev.stowage.serve;

import dev.stowage.tls.ServingCertificate;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The HTTPS server that the API server calls: HTTP/2 and HTTP/1.1 on TLS 1.3 and 1.2. It is apart from Quarkus' own server, so
 * that probes and metrics on the one never meet reviews on the other. Everything it needs is in memory; it reads no file.
 */
public final class WebhookServer {

    /** The API server pings its connections (every 30 s by default); one that is silent for so long has no one behind it. */
    private static final int IDLE_SECONDS = 600;

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

    /**
     * Event loops share a port of the system's choice when all of them ask for the same negative one. Quarkus does so too, with
     * -1 and -2; asking for the same would make both servers one.
     */
    private static final AtomicInteger ANY_PORT = new AtomicInteger(-10_000);

    private final Vertx vertx;
    private final ServerSettings settings;
    private final ReviewHandler reviews;
    private final InFlight inFlight = new InFlight();
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicReference<HttpServer> listening = new AtomicReference<>();
    private final AtomicReference<CompletableFuture<Void>> end = new AtomicReference<>();
    private volatile Rehearsed rehearsed;
    private volatile String deployment = "";
    private volatile SwappableKey served;

    /** A rehearsal's own route; what is under way on it is no review. */
    private record Rehearsed(String path, ReviewRoute route) {}

    /** A server that is not yet started. */
    public WebhookServer(Vertx vertx, ServerSettings settings, ReviewHandler reviews) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.reviews = Objects.requireNonNull(reviews, "reviews");
    }

    /**
     * Starts listening.
     *
     * @param certificate what to serve
     * @return completes with the port when connections are taken; exceptionally when the address cannot be had
     */
    public CompletableFuture<Integer> start(ServingCertificate certificate) {
        int port = settings.port() == 0 ? ANY_PORT.decrementAndGet() : settings.port();
        SwappableKey key = new SwappableKey(certificate);
        served = key;
        return vertx.deployVerticle(
                        () -> new EventLoop(options(key), port),
                        new DeploymentOptions().setInstances(settings.eventLoops()))
                .map(id -> {
                    deployment = id;
                    return port();
                })
                .toCompletionStage()
                .toCompletableFuture();
    }

    /**
     * The port that it listens on.
     *
     * @throws IllegalStateException when it does not
     */
    public int port() {
        HttpServer server = listening.get();
        if (server == null) {
            throw new IllegalStateException("not listening");
        }
        return server.actualPort();
    }

    /**
     * Serves another certificate to connections from now on; those that stand go on with what they have.
     *
     * @return completes when it is served; exceptionally when it cannot be, and then the old one stays
     */
    public CompletableFuture<Void> serve(ServingCertificate certificate) {
        SwappableKey key = served;
        if (listening.get() == null || key == null) {
            throw new IllegalStateException("not listening");
        }
        try {
            key.swap(certificate);
            return CompletableFuture.completedFuture(null);
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Answers, on the same listener, the reviews of a rehearsal at a path that nobody else knows, until it is closed.
     *
     * @return the path
     */
    String rehearse(ReviewHandler handler) {
        String path = "/rehearsal/" + UUID.randomUUID();
        rehearsed = new Rehearsed(path, new ReviewRoute(vertx, path, handler, new InFlight()));
        return path;
    }

    /** From now on nothing but real reviews is answered. */
    void endRehearsal() {
        rehearsed = null;
    }

    /** How many reviews are being answered. */
    public int inFlight() {
        return inFlight.count();
    }

    /** Whether it takes reviews and has not been told to end. */
    public boolean isServing() {
        return listening.get() != null && end.get() == null;
    }

    /**
     * Ends it: goes on for the drain delay, in which answers over HTTP/1.1 (as API servers ask) are the last of their connection,
     * since a request that comes as its connection is closed would be lost. Then tells clients to go elsewhere (GOAWAY), lets the reviews under way end, and
     * closes. Calling it again changes nothing.
     *
     * @return completes when nothing listens any more, at most drain delay and timeout later
     */
    public CompletableFuture<Void> drain() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        if (!end.compareAndSet(null, mine)) {
            return end.get();
        }
        inFlight.leave();
        after(settings.drainDelay())
                .compose(delayed -> lastReviews())
                .compose(ended -> deployment.isEmpty() ? Future.succeededFuture() : vertx.undeploy(deployment))
                .onComplete(closed -> mine.complete(null));
        return mine;
    }

    private Future<Void> lastReviews() {
        Future<Void> idle = Future.fromCompletionStage(inFlight.ending());
        connections.forEach(this::sendAway);
        return Future.any(idle, after(settings.drainTimeout())).mapEmpty();
    }

    private void sendAway(HttpConnection connection) {
        try {
            connection.shutdown(Math.max(1, settings.drainTimeout().toMillis()), TimeUnit.MILLISECONDS);
        } catch (UnsupportedOperationException http1) {
            // HTTP/1.1 has no such message; its next answer says "Connection: close".
        }
    }

    private Future<Void> after(Duration delay) {
        if (delay.isZero()) {
            return Future.succeededFuture();
        }
        Promise<Void> over = Promise.promise();
        vertx.setTimer(Math.max(1, delay.toMillis()), timer -> over.complete());
        return over.future();
    }

    private HttpServerOptions options(SwappableKey key) {
        return new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setKeyCertOptions(KeyCertOptions.wrap(key))
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeout(IDLE_SECONDS)
                // Large objects should not wait for window updates.
                .setHttp2ConnectionWindowSize(1 << 20)
                .setInitialSettings(
                        new Http2Settings().setMaxConcurrentStreams(250).setInitialWindowSize(1 << 18));
    }

    /** One event loop's part of the server. */
    private final class EventLoop extends AbstractVerticle {

        private final HttpServerOptions options;
        private final int port;

        EventLoop(HttpServerOptions options, int port) {
            this.options = options;
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            HttpServer server = vertx.createHttpServer(options);
            server.connectionHandler(connection -> {
                connections.add(connection);
                connection.closeHandler(closed -> connections.remove(connection));
            });
            ReviewRoute real = new ReviewRoute(vertx, ReviewRoute.PATH, reviews, inFlight);
            server.requestHandler(request -> {
                Rehearsed now = rehearsed;
                (now != null && now.path().equals(request.path()) ? now.route() : real).handle(request);
            });
            server.listen(port, settings.host())
                    .onSuccess(listens -> listening.compareAndSet(null, listens))
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}
