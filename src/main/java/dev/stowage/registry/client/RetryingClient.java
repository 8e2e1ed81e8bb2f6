package dev.stowage.registry.client;

import dev.stowage.async.CallContext;
import dev.stowage.log.ThrottledLog;
import dev.stowage.registry.Credential;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.auth.Authenticator;
import dev.stowage.registry.resilience.Backoff;
import dev.stowage.registry.resilience.CircuitBreaker;
import dev.stowage.registry.resilience.Circuits;
import dev.stowage.registry.resilience.RetryAfter;
import dev.stowage.registry.resilience.RetryAfterTracker;
import dev.stowage.registry.transport.Endpoint;
import dev.stowage.registry.transport.ExchangeResult;
import dev.stowage.registry.transport.ExchangeResult.Blame;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import dev.stowage.registry.transport.ExchangeResult.Response;
import dev.stowage.registry.transport.RegistryExecutors;
import dev.stowage.registry.transport.RegistryRequest;
import dev.stowage.registry.transport.StatusMapping;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Sends requests with retries: again after temporary failures, not at all while the host requests a pause, or while the circuit breaker
 * of the host or of the repository is open.
 */
final class RetryingClient {

    private static final System.Logger LOG = System.getLogger(RetryingClient.class.getName());

    private final Authenticator authenticator;
    private final RegistryExecutors executors;
    private final RetryAfterTracker retryAfter;
    private final Backoff backoff;
    private final Clock clock;
    private final ThrottledLog log;
    private final Circuits circuits;

    RetryingClient(
            Authenticator authenticator,
            RegistryExecutors executors,
            Backoff backoff,
            LongSupplier nanos,
            Clock clock) {
        this.authenticator = authenticator;
        this.executors = executors;
        this.retryAfter = new RetryAfterTracker(nanos);
        this.backoff = backoff;
        this.circuits = new Circuits(nanos);
        this.clock = clock;
        this.log = new ThrottledLog(LOG, "registries", clock);
    }

    /** Sends the request with this credential, or anonymously. A 429 is returned as a failure, with the time to wait. */
    CompletableFuture<ExchangeResult> send(
            Endpoint endpoint, Optional<Credential> credential, RegistryRequest request, CallContext context) {
        String identity = credential.map(c -> Credential.identityOf(List.of(c))).orElse("");
        Optional<Duration> pause = retryAfter.remaining(endpoint.authority(), identity);
        if (pause.isPresent()) {
            return done(rateLimited(
                    endpoint.authority() + " is rate limiting; next request in " + seconds(pause.get()), pause.get()));
        }
        Circuits.Passage passage = circuits.enter(endpoint.authority(), endpoint.path());
        CircuitBreaker.Permit permit = passage.permit();
        if (!permit.allowed()) {
            return done(Failure.policy(
                    Kind.UNAVAILABLE,
                    permit.reason() + " (repeated failures; next request in " + seconds(permit.left()) + ")"));
        }
        Attempt first = new Attempt(endpoint, credential, request, context);
        return first.run(1)
                .thenApply(result -> trackRetryAfter(endpoint, identity, result))
                .whenComplete((result, error) -> first.report(passage, result));
    }

    private ExchangeResult trackRetryAfter(Endpoint endpoint, String identity, ExchangeResult result) {
        ExchangeResult known = result;
        if (result instanceof Response response && response.status() == 429) {
            Duration wait = RetryAfter.parse(response.header("Retry-After").orElse(""), clock);
            String reason =
                    StatusMapping.failure(response, endpoint.label(), true).reason();
            known = rateLimited(reason + "; next request in " + seconds(wait), wait);
        }
        if (known instanceof Failure failure && failure.retryAfter().isPresent()) {
            retryAfter.begin(
                    endpoint.authority(), identity, failure.retryAfter().get());
            // one line a minute for all registries together: the details are in the metrics
            log.report("rate limits", failure.reason());
        }
        return known;
    }

    private static Failure rateLimited(String reason, Duration wait) {
        return new Failure(Kind.RATE_LIMITED, reason, false, Blame.NONE, Optional.of(wait));
    }

    private static String seconds(Duration time) {
        return Math.max(1, time.toSeconds()) + " s";
    }

    private static CompletableFuture<ExchangeResult> done(ExchangeResult result) {
        return CompletableFuture.completedFuture(result);
    }

    /** One request and its retries. */
    private final class Attempt {

        private final Endpoint endpoint;
        private final Optional<Credential> credential;
        private final RegistryRequest request;
        private final CallContext context;

        Attempt(Endpoint endpoint, Optional<Credential> credential, RegistryRequest request, CallContext context) {
            this.endpoint = endpoint;
            this.credential = credential;
            this.request = request;
            this.context = context;
        }

        CompletableFuture<ExchangeResult> run(int attempt) {
            return authenticator.send(endpoint, credential, request, context).thenCompose(result -> {
                Optional<Duration> wait = isRetryable(result) && !context.isEnded()
                        ? backoff.before(attempt, context.deadline())
                        : Optional.empty();
                return wait.isPresent() ? executors.later(wait.get(), () -> run(attempt + 1)) : done(result);
            });
        }

        private boolean isRetryable(ExchangeResult result) {
            return result instanceof Response response
                    ? StatusMapping.worthRetrying(response.status())
                    : ((Failure) result).retry();
        }

        void report(Circuits.Passage passage, ExchangeResult result) {
            if (result instanceof Response response) {
                if (response.status() >= 500 && StatusMapping.worthRetrying(response.status())) {
                    passage.repositoryResponded(endpoint.label() + " returned " + response.status());
                } else {
                    passage.succeeded();
                }
            } else if (result instanceof Failure failure && isOutage(failure)) {
                switch (failure.blame()) {
                    case HOST -> passage.hostFailed(failure.reason());
                    case REPOSITORY -> passage.repositoryFailed(failure.reason());
                    case NONE -> passage.abandoned();
                }
            } else {
                passage.abandoned();
            }
        }

        private boolean isOutage(Failure failure) {
            return failure.kind() == Kind.UNAVAILABLE || failure.kind() == Kind.TIMEOUT;
        }
    }
}
