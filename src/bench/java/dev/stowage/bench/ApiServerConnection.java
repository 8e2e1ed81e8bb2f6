package dev.stowage.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.VertxInternal;
import java.nio.charset.StandardCharsets;

/** One connection to a webhook as an API server keeps it: HTTP/2 over TLS, many reviews at a time. */
public final class ApiServerConnection {

    /** A response, whatever it says. */
    public record Answer(int status, Buffer body) {}

    private static final byte[] ALLOWED = "\"allowed\":true".getBytes(StandardCharsets.UTF_8);

    private final Context context;
    private final HttpClient client;
    private final RequestOptions request;

    /** To the webhook at this port of the loopback interface; connects with the first review. */
    public ApiServerConnection(Vertx vertx, int port) {
        this(vertx, "127.0.0.1", port, "/validate");
    }

    /** To the webhook at this address and path; connects with the first review. */
    ApiServerConnection(Vertx vertx, String host, int port, String path) {
        context = ((VertxInternal) vertx).createEventLoopContext();
        client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        // to a process of our own, whose authority nobody knows
                        .setTrustAll(true)
                        .setVerifyHost(false)
                        .setHttp2MultiplexingLimit(10_000)
                        .setHttp2ConnectionWindowSize(1 << 20),
                new PoolOptions().setHttp2MaxSize(1));
        request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(host)
                .setPort(port)
                .setURI(path)
                .putHeader("Content-Type", "application/json");
    }

    /** Runs this on the connection's event loop, on which {@link #send} has to be called. */
    public void run(Runnable task) {
        context.runOnContext(run -> task.run());
    }

    /** Sends a review; completes when it was allowed, fails when anything else came. */
    Future<Void> send(byte[] review) {
        return exchange(request.getURI(), Buffer.buffer(review)).compose(ApiServerConnection::checked);
    }

    /**
     * Sends a review to any path.
     *
     * @return what was answered; on the connection's event loop
     */
    public Future<Answer> exchange(String path, Buffer review) {
        return client.request(new RequestOptions(request).setURI(path))
                .compose(open -> open.send(review))
                .compose(response -> response.body().map(body -> new Answer(response.statusCode(), body)));
    }

    private static Future<Void> checked(Answer answer) {
        return answer.status() == 200 && contains(answer.body().getBytes())
                ? Future.succeededFuture()
                : Future.failedFuture("answered with " + answer.status() + ": " + answer.body());
    }

    private static boolean contains(byte[] body) {
        for (int at = 0; at + ALLOWED.length <= body.length; at++) {
            int same = 0;
            while (same < ALLOWED.length && body[at + same] == ALLOWED[same]) {
                same++;
            }
            if (same == ALLOWED.length) {
                return true;
            }
        }
        return false;
    }

    /** Ends it. */
    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        run(() -> client.close().onComplete(closed));
        return closed.future();
    }
}
