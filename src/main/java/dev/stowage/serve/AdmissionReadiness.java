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
 * Waits for the prerequisites, warms up, is ready, and stays ready: informers keep what they know, so a lost API server shows in the
 * probe's data, not as "down". Quarkus' own check reports the shutdown.
 */
final class AdmissionReadiness implements HealthCheck, AutoCloseable {

    private static final Logger LOG = System.getLogger(AdmissionReadiness.class.getName());
    private static final Duration PERIOD = Duration.ofMillis(50);

    private final List<ReadinessCondition> prerequisites;
    private final CertificateReloader certificate;
    private final Supplier<Future<Void>> warmUp;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final AtomicBoolean warming = new AtomicBoolean();
    private volatile String problem = "";
    private volatile boolean closed;

    /** @param warmUp sends the first reviews; fails with a sentence when one was not answered, and is then tried again */
    AdmissionReadiness(
            List<ReadinessCondition> prerequisites, CertificateReloader certificate, Supplier<Future<Void>> warmUp) {
        this.prerequisites = List.copyOf(prerequisites);
        this.certificate = certificate;
        this.warmUp = warmUp;
    }

    /** Checks the prerequisites from now on; call it when the server listens. */
    void start(Vertx vertx) {
        vertx.setPeriodic(1, PERIOD.toMillis(), timer -> check(vertx, timer));
    }

    /** Completes when it is ready for the first time. */
    CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** The state of each part, in words. */
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

    /** Ends the checks: the process is to end, and the parts that they use are closed. */
    @Override
    public void close() {
        closed = true;
    }

    private void check(Vertx vertx, long timer) {
        if (closed) {
            vertx.cancelTimer(timer);
            return;
        }
        boolean met = certificate.isReady()
                && prerequisites.stream().allMatch(condition -> condition.met().getAsBoolean());
        if (!met || !warming.compareAndSet(false, true)) {
            return;
        }
        // the first review must not get the temporary certificate
        vertx.executeBlocking(() -> {
                    certificate.reload();
                    return null;
                })
                .compose(reloaded -> closed ? Future.succeededFuture() : warmUp.get())
                .onComplete(warm -> {
                    if (closed) {
                        return;
                    }
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
