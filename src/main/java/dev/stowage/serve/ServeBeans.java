package dev.stowage.serve;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Readiness;

/** Hangs {@link Serving} up in Quarkus: probe, metrics, the authority's certificate, and the end. */
@Singleton
final class ServeBeans {

    @Produces
    @Singleton
    Serving serving(Vertx vertx, ServeParts parts, Reports reports, MeterRegistry meters) {
        Serving serving = new Serving(vertx, parts);
        reports.startAfter(serving.ready());
        Gauge.builder("stowage.admission.in.flight", serving, Serving::inFlight)
                .description("AdmissionReviews being answered")
                .register(meters);
        Gauge.builder("stowage.tls.certificate.end", serving, ServeBeans::certificateEnd)
                .description("When the served certificate ends, in seconds since 1970; 0 before one is served")
                .baseUnit("seconds")
                .register(meters);
        return serving;
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck readiness(Serving serving) {
        return new ReadyCheck(serving);
    }

    /** {@code GET /ca.pem} on the management port: the certificate, which is public, that goes into {@code caBundle}. */
    void caRoute(@Observes Router router, ServeParts parts) {
        router.get("/ca.pem").handler(context -> parts.certificates()
                .caPem()
                .ifPresentOrElse(
                        pem -> context.response()
                                .putHeader("Content-Type", "application/x-pem-file")
                                .end(pem),
                        context::next));
    }

    /**
     * Before Quarkus ends anything, its own server included: the probe, which now says "not ready", answers until the last
     * review has been. The plain shutdown event comes after Quarkus' server is gone.
     */
    void drain(@Observes ShutdownDelayInitiatedEvent event, Serving serving) {
        serving.drain().join();
    }

    private static double certificateEnd(Serving serving) {
        return serving.certificateEnd().map(Instant::getEpochSecond).orElse(0L);
    }
}
