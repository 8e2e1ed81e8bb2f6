package dev.stowage.serve;

import dev.stowage.admission.AdmissionEndpoint;
import dev.stowage.admission.AdmissionResponse;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers reviews with a small body, which nearly all are, where they arrive: on the event loop, and with one write for all that
 * arrived together. Quarkus REST, which answers the others, takes two turns of the event loop and one write for each.
 */
@Singleton
final class SmallReviews {

    /** After {@link ReviewBodies}. */
    private static final int ORDER = 400;

    private final AdmissionEndpoint endpoint;
    private final WarmUp warmUp;
    private final long largest;

    /** @param buffer up to how many bytes a body is small */
    SmallReviews(
            AdmissionEndpoint endpoint,
            WarmUp warmUp,
            @ConfigProperty(name = "quarkus.rest.input-buffer-size") MemorySize buffer) {
        this.endpoint = endpoint;
        this.warmUp = warmUp;
        this.largest = buffer.asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::handle, ORDER);
    }

    private void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!HttpMethod.POST.equals(request.method()) || ReviewBodies.contentLength(request) > largest) {
            context.next();
            return;
        }
        AdmissionEndpoint addressed = warmUp.endpointAt(request.path()).orElse(endpoint);
        // a body that does not arrive in full fails the request itself
        boolean steering = AdmissionEndpoint.isSteering(request.path());
        request.body().onSuccess(body -> respond(context, addressed, body, steering));
        request.resume();
    }

    private static void respond(RoutingContext context, AdmissionEndpoint endpoint, Buffer body, boolean steering) {
        String contentType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        Context own = Vertx.currentContext();
        CompletableFuture<AdmissionResponse> response;
        try {
            response = endpoint.respond(contentType, body.toString(StandardCharsets.UTF_8), steering);
        } catch (RuntimeException | Error e) {
            // else the API server would wait for its timeout
            context.fail(e);
            return;
        }
        context.addEndHandler(ended -> response.cancel(false));
        response.thenAccept(answer -> {
            if (Vertx.currentContext() == own) {
                write(context.response(), answer);
            } else {
                own.runOnContext(turn -> write(context.response(), answer));
            }
        });
    }

    private static void write(HttpServerResponse response, AdmissionResponse answer) {
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(answer.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
                    .end(Buffer.buffer(answer.body()));
        }
    }
}
