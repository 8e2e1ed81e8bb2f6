package dev.stowage.admission;

import dev.stowage.image.Printable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code POST /validate}, which the API server calls. The body is parsed as it is, not bound to a model. A resource method runs only
 * after the whole body was read; a filter before it limits its size by Content-Length.
 */
@Singleton
@Path("/{path:.*}")
public class AdmissionEndpoint {

    /** The path of the endpoint where it is a fixed one. */
    public static final String PATH = "/validate";

    /** Reviews in progress: {@code stowage_admission_requests_in_flight}. */
    public static final String IN_FLIGHT = "stowage.admission.requests.in.flight";

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
            @PathParam("path") String path, @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType, byte[] body) {
        return review(contentType, body);
    }

    /**
     * Responds to one review; on an event loop, so it never blocks.
     *
     * @param contentType the request's Content-Type; null if it has none
     * @param body the AdmissionReview
     * @return the response; cancelling it, for example because the client is gone, cancels the review
     */
    public Uni<RestResponse<byte[]>> review(String contentType, byte[] body) {
        if (!isJson(contentType)) {
            return Uni.createFrom().item(unsupported(contentType));
        }
        inFlight.incrementAndGet();
        return Uni.createFrom()
                .completionStage(handler.handle(body))
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
