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
 * Sends clients elsewhere while Quarkus waits for {@code quarkus.shutdown.delay}: each connection ends after the next answer on it.
 * Otherwise a request that is sent just when an idle connection is closed would be lost.
 */
@Singleton
final class ConnectionDraining {

    private static final int FIRST = 1000;

    private volatile boolean draining;

    void register(@Observes Filters filters) {
        filters.register(this::handle, FIRST);
    }

    void begin(@Observes ShutdownDelayInitiatedEvent event) {
        draining = true;
    }

    private void handle(RoutingContext context) {
        if (draining) {
            HttpServerRequest request = context.request();
            if (request.version() == HttpVersion.HTTP_2) {
                // GOAWAY, and yet no stream that is on its way here is refused (RFC 9113, 6.8): new ones go to another
                // connection
                request.connection().goAway(0, Integer.MAX_VALUE);
            } else {
                context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        }
        context.next();
    }
}
