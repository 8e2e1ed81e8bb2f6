package dev.stowage.serve;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** The readiness probe. What was known once stays usable, so a lost API server shows here in words, not as "down". */
final class ReadyCheck implements HealthCheck {

    private final Serving serving;

    ReadyCheck(Serving serving) {
        this.serving = serving;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("admission").status(serving.isReady());
        serving.state().forEach(response::withData);
        return response.build();
    }
}
