package dev.stowage.serve;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends reviews through the whole path before anybody is let in: TLS, HTTP/1.1 (as API servers ask) and HTTP/2, JSON, nodes,
 * pull secrets, registries, rules and words load their classes on first use and run slowly until they are compiled, which costs
 * the first callers a second or two otherwise.
 */
final class WarmUp {

    /** Each kind and outcome is met in the first of these; the rest is for the compiler. */
    static final int LEAST = 48;

    private static final int MOST = 200;
    private static final int AT_ONCE = 4;

    /** Where a processor is hard to come by, being ready is worth more than being fast. */
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(500);

    private final Vertx vertx;
    private final String host;
    private final WebhookServer server;

    WarmUp(Vertx vertx, String host, WebhookServer server) {
        this.vertx = vertx;
        this.host = "0.0.0.0".equals(host) ? "127.0.0.1" : "::".equals(host) ? "::1" : host;
        this.server = server;
    }

    /** Completes when the path is warm; fails with a sentence when a review was not answered. */
    Future<Void> run(Rehearsal rehearsal) {
        List<HttpClient> clients = List.of(client(HttpVersion.HTTP_1_1), client(HttpVersion.HTTP_2));
        Run run = new Run(rehearsal, server.rehearse(rehearsal.reviews()), clients);
        return run.all().eventually(() -> {
            server.endRehearsal();
            return Future.join(clients.stream().map(HttpClient::close).toList());
        });
    }

    private HttpClient client(HttpVersion version) {
        return vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(version)
                // To ourselves, with nothing to hide; the certificate names a Service, not this address.
                .setTrustAll(true)
                .setVerifyHost(false));
    }

    /** One rehearsal from its first review to its last. */
    private final class Run {

        private final Rehearsal rehearsal;
        private final String path;
        private final List<HttpClient> clients;
        private final AtomicInteger next = new AtomicInteger();
        private final long begin = System.nanoTime();

        Run(Rehearsal rehearsal, String path, List<HttpClient> clients) {
            this.rehearsal = rehearsal;
            this.path = path;
            this.clients = clients;
        }

        Future<Void> all() {
            List<Future<Void>> lanes = new ArrayList<>();
            for (int lane = 0; lane < AT_ONCE; lane++) {
                lanes.add(further());
            }
            return Future.all(lanes).mapEmpty();
        }

        private Future<Void> further() {
            int number = next.getAndIncrement();
            boolean late = number >= LEAST && System.nanoTime() - begin > LONGEST;
            return number >= MOST || late
                    ? Future.succeededFuture()
                    : review(number).compose(answered -> further());
        }

        private Future<Void> review(int number) {
            HttpClient client = clients.get(number % clients.size());
            return client.request(HttpMethod.POST, server.port(), host, path)
                    .compose(request -> send(request, number))
                    .compose(response -> response.body().compose(body -> checked(response, body)));
        }

        private Future<HttpClientResponse> send(HttpClientRequest request, int number) {
            return request.putHeader("Content-Type", "application/json").send(Buffer.buffer(rehearsal.review(number)));
        }
    }

    private static Future<Void> checked(HttpClientResponse response, Buffer body) {
        return response.statusCode() == 200
                ? Future.succeededFuture()
                : Future.failedFuture("the first review was answered with " + response.statusCode() + ": " + body);
    }
}
