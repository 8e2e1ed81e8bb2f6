package dev.stowage.serve;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Sends clients elsewhere while Quarkus waits for {@code quarkus.shutdown.delay}: each connection ends after the next answer on it.
 * Otherwise a request that is sent just when an idle connection is closed would be lost.
 */
@Singleton
final class ConnectionDraining {

    private static final int FIRST = 1000;

    private final long timeoutMillis;
    private volatile boolean draining;

    ConnectionDraining(@ConfigProperty(name = "quarkus.shutdown.timeout") Duration timeout) {
        this.timeoutMillis = Math.max(1, timeout.toMillis());
    }

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
                // GOAWAY: the streams that are open end, new ones go to another connection
                request.connection().shutdown(timeoutMillis, TimeUnit.MILLISECONDS);
            } else {
                context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        }
        context.next();
    }
}
