package dev.stowage.serve;

import dev.stowage.async.FairQueue;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Bounds the memory and the threads that request bodies take: a body stays unread until there is room for it. A small body is in memory
 * until its request is answered; of a large one only what has arrived and is not parsed yet, and a worker thread parses it.
 */
@Singleton
final class ReviewBodies {

    /** After the check of the path and before Quarkus' own filters. */
    private static final int ORDER = 500;

    /** Bytes of small bodies at a time. */
    private static final int SMALL_BYTES = 32 << 20;

    private static final int LARGE_BODIES = Math.max(2, Runtime.getRuntime().availableProcessors());

    private static final int WAITING = 10_000;
    private static final int UNAVAILABLE = 503;

    private static final int REQUEST_TIMEOUT = 408;

    private final long buffer;
    private final long patience;
    private final FairQueue small;
    private final FairQueue large = queue(LARGE_BODIES);

    /**
     * @param buffer up to how many bytes Quarkus reads before it calls the endpoint, and then on an event loop
     * @param patience how long a body may take to arrive, so that silent clients keep no place
     */
    ReviewBodies(
            @ConfigProperty(name = "quarkus.rest.input-buffer-size") MemorySize buffer,
            @ConfigProperty(name = "quarkus.http.read-timeout") Duration patience) {
        this.buffer = buffer.asLongValue();
        this.patience = patience.toMillis();
        this.small = queue((int) (SMALL_BYTES / this.buffer));
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, ORDER);
    }

    private void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean isSmall = contentLength(request) <= buffer;
        if (!isSmall) {
            request.end().onComplete(read -> done.complete(null));
        }
        // before its turn, in which it may be answered at once: without a body, or with a method that is not POST
        context.addEndHandler(ended -> done.complete(null));
        Context own = Vertx.currentContext();
        CompletableFuture<Void> turn = (isSmall ? small : large).submit("", () -> {
            proceed(context, own, done);
            return done;
        });
        done.thenRun(() -> turn.cancel(false));
        if (turn.isCompletedExceptionally()) {
            context.fail(UNAVAILABLE);
        }
    }

    /** At once, or when another request has made room on its own event loop. */
    private void proceed(RoutingContext context, Context own, CompletableFuture<Void> done) {
        if (Vertx.currentContext() == own) {
            read(context, done);
        } else {
            own.runOnContext(turn -> read(context, done));
        }
    }

    private void read(RoutingContext context, CompletableFuture<Void> done) {
        if (done.isDone()) {
            return;
        }
        HttpServerRequest request = context.request();
        long timer = context.vertx().setTimer(patience, expired -> {
            if (!request.isEnded() && !context.response().ended()) {
                context.fail(REQUEST_TIMEOUT);
            }
        });
        done.thenRun(() -> context.vertx().cancelTimer(timer));
        context.next();
    }

    /** Without a length, a body may be large. */
    static long contentLength(HttpServerRequest request) {
        try {
            String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            return length == null ? Long.MAX_VALUE : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static FairQueue queue(int bodies) {
        return new FairQueue(new FairQueue.Limits(bodies, bodies, WAITING, WAITING));
    }
}
