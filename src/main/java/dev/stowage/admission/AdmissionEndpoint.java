package dev.stowage.admission;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code POST /validate}, which the API server calls. The body is parsed as it is, not bound to a model. A resource sees a body only
 * once all of it is there: what bounds the bodies under way belongs before it, in a filter that looks at Content-Length.
 */
@Singleton
@Path(AdmissionEndpoint.PATH)
public class AdmissionEndpoint {

    /** Where reviews are taken. */
    public static final String PATH = "/validate";

    /** Reviews that are being answered: {@code stowage_admission_requests_in_flight}. */
    public static final String IN_FLIGHT = "stowage.admission.requests.in.flight";

    private final AdmissionHandler handler;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Answers with this handler and counts with these meters. */
    public AdmissionEndpoint(AdmissionHandler handler, MeterRegistry meters) {
        this.handler = handler;
        Gauge.builder(IN_FLIGHT, inFlight, AtomicInteger::get)
                .description("AdmissionReviews being answered")
                .register(meters);
    }

    /**
     * Answers one review; on an event loop, so it never blocks.
     *
     * @param contentType the request's Content-Type; null when there is none
     * @param body the AdmissionReview
     * @return the answer; being cancelled, as when the client has gone, ends the work for it
     */
    @POST
    public Uni<RestResponse<byte[]>> review(@HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType, byte[] body) {
        inFlight.incrementAndGet();
        CompletableFuture<AdmissionAnswer> answer = handler.handle(body, contentType == null ? "" : contentType);
        return Uni.createFrom()
                .completionStage(answer)
                .map(AdmissionEndpoint::response)
                .onTermination()
                .invoke(inFlight::decrementAndGet);
    }

    private static RestResponse<byte[]> response(AdmissionAnswer answer) {
        return ResponseBuilder.create(RestResponse.Status.fromStatusCode(answer.status()), answer.body())
                .header(HttpHeaders.CONTENT_TYPE, answer.contentType())
                .build();
    }
}
