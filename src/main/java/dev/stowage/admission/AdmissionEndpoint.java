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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** {@code POST /validate}, which the API server calls. The body is parsed as it arrives, not bound to a model. */
@Singleton
@Path(AdmissionEndpoint.PATH)
public class AdmissionEndpoint {

    /** The path of the endpoint. */
    public static final String PATH = "/validate";

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

    /**
     * Responds to one review; on an event loop, so it never blocks.
     *
     * @param contentType the request's Content-Type; null if it has none
     * @param received the AdmissionReview
     * @return the response; cancelling it, for example because the client is gone, cancels the review
     */
    @POST
    public Uni<RestResponse<byte[]>> review(
            @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType, ReceivedReview received) {
        if (!isJson(contentType)) {
            return Uni.createFrom().item(unsupported(contentType));
        }
        inFlight.incrementAndGet();
        return Uni.createFrom()
                .completionStage(handler.handle(received))
                .map(response -> response(response.status(), response.contentType(), response.body()))
                .onTermination()
                .invoke(inFlight::decrementAndGet);
    }

    private static boolean isJson(String contentType) {
        String type = contentType == null ? "" : contentType.split(";", 2)[0];
        return type.strip().equalsIgnoreCase(MediaType.APPLICATION_JSON);
    }

    private static RestResponse<byte[]> unsupported(String contentType) {
        String sentence = "The Content-Type is \"" + Printable.of(contentType == null ? "" : contentType)
                + "\"; an AdmissionReview is application/json.\n";
        return response(
                RestResponse.StatusCode.UNSUPPORTED_MEDIA_TYPE,
                "text/plain; charset=utf-8",
                sentence.getBytes(StandardCharsets.UTF_8));
    }

    private static RestResponse<byte[]> response(int status, String contentType, byte[] body) {
        return ResponseBuilder.create(RestResponse.Status.fromStatusCode(status), body)
                .header(HttpHeaders.CONTENT_TYPE, contentType)
                .build();
    }
}
