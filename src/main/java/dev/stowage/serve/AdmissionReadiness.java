package dev.stowage.serve;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Waits for the prerequisites, then warms up, then is ready, and stays so: what was known once stays usable, so a lost API server
 * shows in the probe's words, not as "down". That the process ends is another check, Quarkus' own.
 */
final class AdmissionReadiness implements HealthCheck {

    private static final Logger LOG = System.getLogger(AdmissionReadiness.class.getName());
    private static final Duration PERIOD = Duration.ofMillis(50);

    private final List<ReadinessCondition> prerequisites;
    private final CertificateReloader certificate;
    private final Supplier<Future<Void>> warmUp;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final AtomicBoolean warming = new AtomicBoolean();
    private volatile String problem = "";

    /** @param warmUp sends the first reviews; fails with a sentence when one was not answered, and is then tried again */
    AdmissionReadiness(
            List<ReadinessCondition> prerequisites, CertificateReloader certificate, Supplier<Future<Void>> warmUp) {
        this.prerequisites = List.copyOf(prerequisites);
        this.certificate = certificate;
        this.warmUp = warmUp;
    }

    /** From now on looks whether the prerequisites are met; to be called when the server listens. */
    void start(Vertx vertx) {
        vertx.setPeriodic(1, PERIOD.toMillis(), timer -> check(vertx, timer));
    }

    /** Completes when it is ready for the first time. */
    CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** How things stand, by part. */
    Map<String, String> state() {
        Map<String, String> state = new LinkedHashMap<>();
        prerequisites.forEach(
                condition -> state.put(condition.name(), condition.state().get()));
        state.put("certificate", certificate.state());
        state.put("warm-up", ready.isDone() ? "done" : problem.isEmpty() ? "waiting" : problem);
        return state;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("admission").status(ready.isDone());
        state().forEach(response::withData);
        return response.build();
    }

    private void check(Vertx vertx, long timer) {
        boolean met = certificate.isReady()
                && prerequisites.stream().allMatch(condition -> condition.met().getAsBoolean());
        if (!met || !warming.compareAndSet(false, true)) {
            return;
        }
        // what was a stand-in until now must not be served to the first review
        vertx.executeBlocking(() -> {
                    certificate.reload();
                    return null;
                })
                .compose(reloaded -> warmUp.get())
                .onComplete(warm -> {
                    if (warm.succeeded()) {
                        vertx.cancelTimer(timer);
                        ready.complete(null);
                        return;
                    }
                    String found = String.valueOf(warm.cause().getMessage());
                    if (!found.equals(problem)) {
                        problem = found;
                        LOG.log(Level.ERROR, "not ready: {0}", found);
                    }
                    warming.set(false);
                });
    }
}
