package dev.stowage.serve;

import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.ServingCertificate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The webhook from start to end: listens, waits for its prerequisites, warms up, is ready, takes up new certificates, and drains.
 */
public final class Serving {

    private static final Logger LOG = System.getLogger(Serving.class.getName());
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration CERTIFICATE_LOOK = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final Context context;
    private final ServeParts parts;
    private final WebhookServer server;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final AtomicBoolean warming = new AtomicBoolean();
    private volatile ServingCertificate served;
    private volatile String warmUpProblem = "";
    private volatile String certificateProblem = "";

    /** Not yet started. */
    public Serving(Vertx vertx, ServeParts parts) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.context = vertx.getOrCreateContext();
        this.parts = Objects.requireNonNull(parts, "parts");
        this.server = new WebhookServer(vertx, parts.settings(), parts.reviews());
    }

    /**
     * Starts listening; readiness follows by itself.
     *
     * @return the port
     * @throws IOException when the certificate cannot be read
     * @throws InvalidPemException when it is none
     */
    public CompletableFuture<Integer> start() throws IOException, InvalidPemException {
        ServingCertificate first = parts.certificates().current();
        return server.start(first).thenApply(port -> {
            served = first;
            parts.certificates().onChange(this::lookAtCertificate);
            vertx.setPeriodic(CERTIFICATE_LOOK.toMillis(), timer -> lookAtCertificate());
            vertx.setPeriodic(1, LOOK.toMillis(), this::lookAtPrerequisites);
            return port;
        });
    }

    /** Completes when it is ready for the first time. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** Whether reviews should be sent here. */
    public boolean isReady() {
        return ready.isDone() && server.isServing();
    }

    /** How things stand, by part, for the readiness probe. */
    public Map<String, String> state() {
        Map<String, String> state = new LinkedHashMap<>();
        parts.prerequisites()
                .forEach(part -> state.put(part.name(), part.state().get()));
        state.put("certificate", certificateState());
        state.put("warm-up", ready.isDone() ? "done" : warmUpProblem.isEmpty() ? "waiting" : warmUpProblem);
        state.put("server", server.isServing() ? "serving" : served == null ? "not started" : "draining");
        return state;
    }

    /** When the served certificate ends; nothing before the start. */
    public Optional<Instant> certificateEnd() {
        ServingCertificate now = served;
        return now == null ? Optional.empty() : Optional.of(now.notAfter());
    }

    /** How many reviews are being answered. */
    public int inFlight() {
        return server.inFlight();
    }

    /** Ends it; see {@link WebhookServer#drain()}. From now on it is not ready. */
    public CompletableFuture<Void> drain() {
        return server.drain();
    }

    private void lookAtPrerequisites(long timer) {
        if (!server.isServing()) {
            vertx.cancelTimer(timer);
            return;
        }
        boolean met = parts.certificates().isReady()
                && parts.prerequisites().stream().allMatch(part -> part.met().getAsBoolean());
        if (!met || !warming.compareAndSet(false, true)) {
            return;
        }
        // What was a stand-in until now must not be served to the first review.
        lookAtCertificate().otherwiseEmpty().compose(looked -> warmUp()).onComplete(warm -> {
            if (warm.succeeded()) {
                vertx.cancelTimer(timer);
                ready.complete(null);
                return;
            }
            if (server.isServing() && !warm.cause().getMessage().equals(warmUpProblem)) {
                warmUpProblem = warm.cause().getMessage();
                LOG.log(Level.ERROR, "not ready: {0}", warmUpProblem);
            }
            warming.set(false);
        });
    }

    private Future<Void> warmUp() {
        return vertx.executeBlocking(parts.rehearsal())
                .compose(rehearsal -> new WarmUp(vertx, parts.settings().host(), server)
                        .run(rehearsal)
                        .eventually(() -> vertx.executeBlocking(() -> {
                            rehearsal.close();
                            return null;
                        })));
    }

    /** Serves what the source has now, if that is another certificate; keeps the served one where there is a problem. */
    Future<Optional<ServingCertificate>> lookAtCertificate() {
        // One look at a time: the blocking calls of one context follow each other.
        return context.executeBlocking(this::newCertificate)
                .compose(found -> found.isEmpty() || !server.isServing()
                        ? Future.succeededFuture(found)
                        : Future.fromCompletionStage(server.serve(found.get())).map(found))
                .onSuccess(found -> {
                    found.ifPresent(this::nowServed);
                    certificateProblem = "";
                })
                .onFailure(this::keepCertificate);
    }

    private Optional<ServingCertificate> newCertificate() throws IOException, InvalidPemException {
        ServingCertificate found = parts.certificates().current();
        return found.certificate().equals(served.certificate()) ? Optional.empty() : Optional.of(found);
    }

    private void nowServed(ServingCertificate certificate) {
        served = certificate;
        LOG.log(Level.INFO, "serving another certificate, valid until {0}", certificate.notAfter());
    }

    private void keepCertificate(Throwable failure) {
        String problem = failure instanceof InvalidPemException
                ? "the new one " + failure.getMessage()
                : "a new one cannot be had: " + failure;
        if (!problem.equals(certificateProblem)) {
            certificateProblem = problem;
            LOG.log(Level.WARNING, "keeping the served certificate: {0}", problem);
        }
    }

    private String certificateState() {
        ServingCertificate now = served;
        if (now == null) {
            return "none";
        }
        return "valid until " + now.notAfter()
                + (parts.certificates().isReady() ? "" : ", a stand-in")
                + (certificateProblem.isEmpty() ? "" : "; " + certificateProblem)
                + parts.certificates().problem().map(clause -> "; " + clause).orElse("");
    }
}
