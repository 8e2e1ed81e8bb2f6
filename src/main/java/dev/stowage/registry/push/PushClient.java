package dev.stowage.registry.push;

import dev.stowage.async.CallContext;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.auth.Authenticator;
import dev.stowage.registry.auth.TokenCache;
import dev.stowage.registry.auth.TokenClient;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.resilience.Backoff;
import dev.stowage.registry.resilience.RetryAfter;
import dev.stowage.registry.transport.AddressGuard;
import dev.stowage.registry.transport.Endpoint;
import dev.stowage.registry.transport.ErrorCodes;
import dev.stowage.registry.transport.ExchangeResult;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import dev.stowage.registry.transport.ExchangeResult.Response;
import dev.stowage.registry.transport.HttpClients;
import dev.stowage.registry.transport.HttpTransport;
import dev.stowage.registry.transport.Redirects;
import dev.stowage.registry.transport.RegistryExecutors;
import dev.stowage.registry.transport.RegistryRequest;
import dev.stowage.registry.transport.StatusMapping;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/** Requests to one repository with the right to write to it; never to a mirror of it. Each call waits for its end. */
final class PushClient implements AutoCloseable {

    private static final long RESPONSE_BOUND = 4L << 20;

    private final RegistrySettings settings;
    private final Repository repository;
    private final Endpoint endpoint;
    private final Duration timeout;
    private final List<Optional<Credential>> credentials;
    private final RegistryExecutors executors = new RegistryExecutors();
    private final HttpClients httpClients;
    private final Redirects redirects;
    private final Authenticator pushing;
    private final Authenticator mounting;
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private int credential;

    PushClient(
            RegistrySettings settings,
            Repository repository,
            ReadCredentials credentials,
            Collection<Repository> sources,
            Duration timeout) {
        this.settings = settings;
        this.repository = repository;
        this.endpoint = endpoint(repository, settings);
        this.timeout = timeout;
        this.credentials = credentials.credentials().isEmpty()
                ? List.of(Optional.empty())
                : credentials.credentials().stream().map(Optional::of).toList();
        this.httpClients = new HttpClients(settings, executors.responses());
        AddressGuard guard = new AddressGuard(
                settings.addresses(),
                settings.proxies(),
                AddressGuard.Resolver.SYSTEM,
                executors.lookups(),
                System::nanoTime);
        HttpTransport transport =
                new HttpTransport(settings, httpClients, executors, guard, RegistryObserver.NONE, System::nanoTime);
        this.redirects = new Redirects(transport, settings);
        TokenClient tokens = new TokenClient(redirects, settings, new TokenCache(System::nanoTime), Clock.systemUTC());
        String push = "repository:" + endpoint.path() + ":pull,push";
        List<String> scopes = new ArrayList<>(List.of(push));
        sources.forEach(source -> scopes.add("repository:" + source.path() + ":pull"));
        this.pushing = new Authenticator(redirects, tokens, to -> List.of(push));
        this.mounting = new Authenticator(redirects, tokens, to -> scopes);
    }

    private static Endpoint endpoint(Repository repository, RegistrySettings settings) {
        return Endpoint.of(repository, settings).stream()
                .filter(endpoint -> endpoint.mirrorOf().isEmpty())
                .filter(endpoint -> !endpoint.rule().blocked())
                .findFirst()
                .orElseThrow(() -> new PushException(
                        repository + " cannot be pushed to: its name is not valid, or this configuration blocks it",
                        false));
    }

    /** The name of the host in messages. */
    String host() {
        return endpoint.authority();
    }

    /**
     * A request.
     *
     * @param what {@code manifests} or {@code blobs}
     * @param target what follows it in the path, with a query where it has one
     */
    RegistryRequest request(
            String method, String what, String target, Map<String, String> headers, Optional<BodyPublisher> body) {
        return new RegistryRequest(
                RegistryObserver.Operation.BLOB,
                method,
                endpoint.uri(what, target),
                headers,
                body,
                RESPONSE_BOUND,
                Digest.Algorithm.SHA256,
                endpoint.rule(),
                endpoint.plain(),
                endpoint.rule().timeout().orElse(settings.requestTimeout()),
                Optional.empty());
    }

    /** Sends a request with a token for the sources, too. A credential that may not read them is no reason to try another. */
    ExchangeResult sendForSources(RegistryRequest request) {
        return mounting.send(endpoint, credentials.get(credential), request, new CallContext(Deadline.in(timeout)))
                .join();
    }

    /** Sends a request with the credential that was not refused last, and with those after it when it is. */
    ExchangeResult send(RegistryRequest request) {
        while (true) {
            ExchangeResult result = pushing.send(
                            endpoint, credentials.get(credential), request, new CallContext(Deadline.in(timeout)))
                    .join();
            if (!isRefused(result) || credential + 1 >= credentials.size()) {
                return result;
            }
            credential++;
        }
    }

    /**
     * Sends a body to where the registry wants it. That may be another host, such as a storage service: it gets no credentials.
     *
     * @param begun the request that began the upload
     * @param location where the registry wants it
     * @param uri completes the address
     * @param more how much longer than other requests it may take
     */
    ExchangeResult sendTo(
            RegistryRequest begun,
            String location,
            Function<URI, URI> uri,
            BodyPublisher body,
            String type,
            Duration more) {
        return redirects
                .follow(begun, location, there -> {
                    Duration time = timeout.plus(more);
                    RegistryRequest put = new RegistryRequest(
                            there.operation(),
                            "PUT",
                            uri.apply(there.uri()),
                            Map.of("Content-Type", type),
                            Optional.of(body),
                            RESPONSE_BOUND,
                            Digest.Algorithm.SHA256,
                            there.rule(),
                            there.plainAllowed(),
                            time,
                            Optional.empty());
                    CallContext context = new CallContext(Deadline.in(time));
                    return Authority.sameOrigin(put.uri(), begun.uri())
                            ? pushing.send(endpoint, credentials.get(credential), put, context)
                            : redirects.send(put, context);
                })
                .join();
    }

    /** Makes a step again, a bounded number of times, while that may help. */
    ExchangeResult retrying(Supplier<ExchangeResult> step) {
        Deadline deadline = Deadline.in(timeout);
        for (int attempt = 1; ; attempt++) {
            ExchangeResult result = step.get();
            Optional<Duration> wait = isWorthRetrying(result) ? backoff.before(attempt, deadline) : Optional.empty();
            if (wait.isEmpty()) {
                return result;
            }
            executors
                    .later(pause(result, wait.get()), () -> CompletableFuture.completedFuture(null))
                    .join();
        }
    }

    private static Duration pause(ExchangeResult result, Duration wait) {
        return result instanceof Response response && response.status() == 429
                ? RetryAfter.parse(response.header("Retry-After").orElse(""), Clock.systemUTC())
                : wait;
    }

    /** Registries of several replicas may lose an upload. */
    private static boolean isWorthRetrying(ExchangeResult result) {
        return result instanceof Response response
                ? response.status() == 429
                        || StatusMapping.worthRetrying(response.status())
                        || ErrorCodes.of(response.body()).has("BLOB_UPLOAD_UNKNOWN")
                : ((Failure) result).retry();
    }

    private static boolean isRefused(ExchangeResult result) {
        return result instanceof Response response
                ? response.status() == 401 || response.status() == 403
                : ((Failure) result).kind() == Kind.UNAUTHORIZED || ((Failure) result).kind() == Kind.FORBIDDEN;
    }

    /** The exception of a step that failed. */
    PushException failed(String step, ExchangeResult result) {
        return PushErrors.of(
                step,
                result,
                repository,
                endpoint.authority(),
                credentials.get(credential).isEmpty());
    }

    @Override
    public void close() {
        httpClients.close();
        executors.close();
    }
}
