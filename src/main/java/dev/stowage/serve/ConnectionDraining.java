package dev.stowage.serve;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Sends clients elsewhere while Quarkus waits for {@code quarkus.shutdown.delay}: a connection takes no more requests after its next
 * one. Over HTTP/1.1 the server closes it after that answer, over HTTP/2 the client does when it has all answers. Otherwise a request
 * that is sent just when a connection is closed would be lost.
 */
@Singleton
final class ConnectionDraining {

    private static final int FIRST = 1000;

    /**
     * The client to which Quarkus sends no GOAWAY of its own while it drains (GracefulShutdownFilter). That one refuses the streams that
     * are on their way, and closes the connection at once, which can lose answers that the client has not read.
     */
    private static final String SPARED = "Java-http-client/";

    private volatile boolean draining;

    void register(@Observes Filters filters) {
        filters.register(this::handle, FIRST);
    }

    void begin(@Observes ShutdownDelayInitiatedEvent event) {
        draining = true;
    }

    private void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        boolean http2 = request.version() == HttpVersion.HTTP_2;
        if (http2) {
            request.headers().set(HttpHeaders.USER_AGENT, SPARED);
        }
        if (draining && http2) {
            // no stream that is on its way here is refused (RFC 9113, 6.8): new ones go to another connection
            request.connection().goAway(0, Integer.MAX_VALUE);
        } else if (draining) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        context.next();
    }
}
