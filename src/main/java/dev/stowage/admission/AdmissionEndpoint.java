package dev.stowage.admission;

import dev.stowage.image.Printable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Takes the reviews that the API server sends. The body is parsed as it arrives, not bound to a model. */
@Singleton
@Path("/{path:.*}")
public class AdmissionEndpoint {

    /** The path of the endpoint where it is a fixed one. */
    public static final String PATH = "/validate";

    /** How the paths of the mutating webhook start; the rest is that of the path of reviews. */
    public static final String STEERING_PATH = "/steer";

    /** Reviews in progress: {@code stowage_admission_requests_in_flight}. */
    public static final String IN_FLIGHT = "stowage.admission.requests.in.flight";

    /**
     * Reads the body. Quarkus calls it on an event loop if the whole body fits into {@code quarkus.rest.input-buffer-size}, else on a
     * worker thread while the rest of the body arrives.
     */
    @Provider
    @Singleton
    @Consumes(MediaType.WILDCARD)
    public static class BodyReader implements MessageBodyReader<ReceivedReview> {

        private final AdmissionHandler handler;

        /** Reads as this handler does. */
        public BodyReader(AdmissionHandler handler) {
            this.handler = handler;
        }

        @Override
        public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
            return type == ReceivedReview.class;
        }

        @Override
        public ReceivedReview readFrom(
                Class<ReceivedReview> type,
                Type genericType,
                Annotation[] annotations,
                MediaType mediaType,
                MultivaluedMap<String, String> headers,
                InputStream body) {
            return handler.read(body);
        }
    }

    private final AdmissionHandler handler;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Responds with this handler and counts with these meters. */
    public AdmissionEndpoint(AdmissionHandler handler, MeterRegistry meters) {
        this.handler = handler;
        Gauge.builder(IN_FLIGHT, inFlight, AtomicInteger::get)
                .description("AdmissionReviews being answered")
                .register(meters);
    }

    /** Responds to one review, which came to a path that is accepted: a filter refuses every other one. */
    @POST
    public Uni<RestResponse<byte[]>> review(
            @PathParam("path") String path,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            ReceivedReview received) {
        return review(contentType, received, isSteering("/" + path));
    }

    /** Whether reviews at this path are those of the mutating webhook. */
    public static boolean isSteering(String path) {
        return path.startsWith(STEERING_PATH);
    }

    /** The path of reviews that belongs to this path of the mutating webhook. */
    public static String reviewPath(String steeringPath) {
        return PATH + steeringPath.substring(STEERING_PATH.length());
    }

    /** The path of the mutating webhook that belongs to this path of reviews. */
    public static String steeringPath(String reviewPath) {
        return STEERING_PATH + reviewPath.substring(PATH.length());
    }

    /**
     * Responds to one review; cancelling the response, for example because the client is gone, cancels the review.
     *
     * @param steering whether it is one of the mutating webhook
     */
    public Uni<RestResponse<byte[]>> review(String contentType, ReceivedReview received, boolean steering) {
        return Uni.createFrom()
                .completionStage(respond(contentType, () -> received, steering))
                .map(response -> ResponseBuilder.create(
                                RestResponse.Status.fromStatusCode(response.status()), response.body())
                        .header(HttpHeaders.CONTENT_TYPE, response.contentType())
                        .build());
    }

    /**
     * Responds to one review; on an event loop, so it never blocks.
     *
     * @param contentType the request's Content-Type; null if it has none
     * @param body the AdmissionReview, in memory
     * @param steering whether it is one of the mutating webhook
     * @return never fails; cancelling it, for example because the client is gone, cancels the review
     */
    public CompletableFuture<AdmissionResponse> respond(@Nullable String contentType, String body, boolean steering) {
        return respond(contentType, () -> handler.read(body), steering);
    }

    private CompletableFuture<AdmissionResponse> respond(
            @Nullable String contentType, Supplier<ReceivedReview> received, boolean steering) {
        if (!isJson(contentType)) {
            return CompletableFuture.completedFuture(unsupported(contentType));
        }
        inFlight.incrementAndGet();
        ReceivedReview review = received.get();
        CompletableFuture<AdmissionResponse> response = steering ? handler.steer(review) : handler.handle(review);
        response.whenComplete((answer, failure) -> inFlight.decrementAndGet());
        return response;
    }

    private static boolean isJson(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType.split(";", 2)[0];
        return type.strip().equalsIgnoreCase(MediaType.APPLICATION_JSON);
    }

    private static AdmissionResponse unsupported(@Nullable String contentType) {
        String sentence = "The Content-Type is \"" + Printable.of(contentType == null ? "" : contentType)
                + "\"; an AdmissionReview is application/json.\n";
        return new AdmissionResponse(
                RestResponse.StatusCode.UNSUPPORTED_MEDIA_TYPE,
                "text/plain; charset=utf-8",
                sentence.getBytes(StandardCharsets.UTF_8));
    }
}
