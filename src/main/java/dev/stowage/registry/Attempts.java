package dev.stowage.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.Result.Broken;
import dev.stowage.registry.Result.Reply;
import dev.stowage.registry.auth.Credential;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Sends requests with retries: again after temporary failures, not at all while the host requests a pause or its circuit breaker
 * is open.
 */
final class Attempts {

    private static final Duration TELL_EVERY = Duration.ofMinutes(1);
    private static final System.Logger LOG = System.getLogger(Attempts.class.getName());

    private final Authenticator authenticator;
    private final Workers workers;
    private final Pauses pauses;
    private final Backoff backoff;
    private final LongSupplier nanos;
    private final Clock clock;
    private final AtomicLong told = new AtomicLong();
    private final Cache<String, Circuit> circuits =
            Caffeine.newBuilder().maximumSize(10_000).build();

    Attempts(Authenticator authenticator, Workers workers, Backoff backoff, LongSupplier nanos, Clock clock) {
        this.authenticator = authenticator;
        this.workers = workers;
        this.pauses = new Pauses(nanos);
        this.backoff = backoff;
        this.nanos = nanos;
        this.clock = clock;
    }

    /** Sends the request with this credential, or anonymously. A 429 is returned as broken, with the time to wait. */
    CompletableFuture<Result> send(Endpoint endpoint, Optional<Credential> credential, Call call, Errand errand) {
        String identity = credential.map(c -> Credential.identityOf(List.of(c))).orElse("");
        Optional<Duration> pause = pauses.remaining(endpoint.authority(), identity);
        if (pause.isPresent()) {
            return done(rateLimited(
                    endpoint.authority() + " is rate limiting; next request in " + seconds(pause.get()), pause.get()));
        }
        Circuit circuit = circuits.get(endpoint.authority(), authority -> new Circuit(nanos));
        Circuit.Leave leave = circuit.enter();
        if (!leave.allowed()) {
            return done(Broken.ours(
                    Kind.UNAVAILABLE,
                    leave.reason() + " (repeated failures; next request in " + seconds(leave.left()) + ")"));
        }
        Try first = new Try(endpoint, credential, call, errand);
        return first.go(1)
                .thenApply(result -> paused(endpoint, identity, result))
                .whenComplete((result, error) -> first.report(circuit, leave, result));
    }

    private Result paused(Endpoint endpoint, String identity, Result result) {
        Result known = result;
        if (result instanceof Reply reply && reply.status() == 429) {
            Duration wait = RetryAfter.parse(reply.header("Retry-After").orElse(""), clock);
            String reason = Statuses.failure(reply, endpoint.label(), true).reason();
            known = rateLimited(reason + "; next request in " + seconds(wait), wait);
        }
        if (known instanceof Broken broken && broken.retryAfter().isPresent()) {
            pauses.begin(endpoint.authority(), identity, broken.retryAfter().get());
            tell(broken.reason());
        }
        return known;
    }

    /** One line a minute for all registries together: what matters is in the metrics. */
    private void tell(String reason) {
        long at = nanos.getAsLong();
        long last = told.get();
        if ((last == 0 || at - last >= TELL_EVERY.toNanos()) && told.compareAndSet(last, at)) {
            LOG.log(System.Logger.Level.WARNING, reason);
        }
    }

    private static Broken rateLimited(String reason, Duration wait) {
        return new Broken(Kind.RATE_LIMITED, reason, false, false, Optional.of(wait));
    }

    private static String seconds(Duration time) {
        return Math.max(1, time.toSeconds()) + " s";
    }

    private static CompletableFuture<Result> done(Result result) {
        return CompletableFuture.completedFuture(result);
    }

    /** One request and its retries. */
    private final class Try {

        private final Endpoint endpoint;
        private final Optional<Credential> credential;
        private final Call call;
        private final Errand errand;

        Try(Endpoint endpoint, Optional<Credential> credential, Call call, Errand errand) {
            this.endpoint = endpoint;
            this.credential = credential;
            this.call = call;
            this.errand = errand;
        }

        CompletableFuture<Result> go(int attempt) {
            return authenticator.send(endpoint, credential, call, errand).thenCompose(result -> {
                Optional<Duration> wait = mayPass(result) && !errand.isOver()
                        ? backoff.before(attempt, errand.deadline())
                        : Optional.empty();
                return wait.isPresent() ? workers.later(wait.get(), () -> go(attempt + 1)) : done(result);
            });
        }

        private boolean mayPass(Result result) {
            return result instanceof Reply reply ? Statuses.worthRetrying(reply.status()) : ((Broken) result).again();
        }

        void report(Circuit circuit, Circuit.Leave leave, Result result) {
            if (result instanceof Reply reply) {
                if (reply.status() >= 500 && Statuses.worthRetrying(reply.status())) {
                    circuit.failed(leave, endpoint.label() + " returned " + reply.status());
                } else {
                    circuit.succeeded();
                }
            } else if (result instanceof Broken broken && isBlamed(broken)) {
                circuit.failed(leave, broken.reason());
            } else {
                circuit.abandoned(leave);
            }
        }

        private boolean isBlamed(Broken broken) {
            return broken.blamed() && (broken.kind() == Kind.UNAVAILABLE || broken.kind() == Kind.TIMEOUT);
        }
    }
}
