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

/**
 * Sends reviews through the whole path once before anybody is let in: TLS, HTTP/2, JSON, nodes, rules and words load their
 * classes on first use, which costs the first caller a second or two otherwise.
 */
final class WarmUp {

    /** Enough for the interpreter's slowest parts to be compiled; each takes a millisecond or two. */
    private static final int ROUNDS = 20;

    /** No registry is asked: a pod whose first image is never pulled, and whose second is not named yet. */
    private static final String REVIEW = """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"warm-up","operation":"CREATE",\
            "dryRun":true,"kind":{"group":"","version":"v1","kind":"Pod"},\
            "resource":{"group":"","version":"v1","resource":"pods"},"name":"warm-up","namespace":"stowage-warm-up",\
            "userInfo":{"username":"stowage"},"object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"warm-up"},\
            "spec":{"nodeSelector":{"kubernetes.io/os":"linux"},"containers":[\
            {"name":"a","image":"warm-up.invalid/a:1","imagePullPolicy":"Never"},{"name":"b","image":""}]}}}}
            """;

    private final Vertx vertx;
    private final String host;
    private final int port;

    WarmUp(Vertx vertx, String host, int port) {
        this.vertx = vertx;
        this.host = "0.0.0.0".equals(host) ? "127.0.0.1" : "::".equals(host) ? "::1" : host;
        this.port = port;
    }

    /** Completes when the path is warm; fails with a sentence when a review was not answered. */
    Future<Void> run() {
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                // To ourselves, with nothing to hide; the certificate names a Service, not this address.
                .setTrustAll(true)
                .setVerifyHost(false));
        Future<Void> done = Future.succeededFuture();
        for (int round = 0; round < ROUNDS; round++) {
            done = done.compose(before -> review(client));
        }
        return done.eventually(() -> client.close());
    }

    private Future<Void> review(HttpClient client) {
        return client.request(HttpMethod.POST, port, host, ReviewRoute.PATH)
                .compose(this::send)
                .compose(response -> response.body().compose(body -> checked(response, body)));
    }

    private Future<HttpClientResponse> send(HttpClientRequest request) {
        return request.putHeader("Content-Type", "application/json").send(REVIEW);
    }

    private static Future<Void> checked(HttpClientResponse response, Buffer body) {
        return response.statusCode() == 200
                ? Future.succeededFuture()
                : Future.failedFuture("the first review was answered with " + response.statusCode() + ": " + body);
    }
}
