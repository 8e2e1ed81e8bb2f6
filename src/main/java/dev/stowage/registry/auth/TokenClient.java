package dev.stowage.registry.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.async.CallContext;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.registry.Credential;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.resilience.RetryAfter;
import dev.stowage.registry.transport.Endpoint;
import dev.stowage.registry.transport.ErrorCodes;
import dev.stowage.registry.transport.ExchangeResult;
import dev.stowage.registry.transport.ExchangeResult.Blame;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import dev.stowage.registry.transport.ExchangeResult.Response;
import dev.stowage.registry.transport.Redirects;
import dev.stowage.registry.transport.RegistryRequest;
import dev.stowage.registry.transport.StatusMapping;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gets tokens from the token services that registries name: with credentials by the OAuth form first and by GET with Basic
 * where that is not known, without credentials by GET. One request for one token and owner at a time, however many wait for it.
 */
public final class TokenClient {

    private static final long BOUND = 1024 * 1024;
    private static final long MAX_BYTES = 512 * 1024;
    private static final int OVERHEAD = 300;
    private static final Set<Integer> FORM_UNKNOWN = Set.of(400, 401, 404, 405);

    /** The result of a token request. */
    sealed interface Grant {
        /** A token; {@code fresh} when it was not in the cache. */
        record Issued(Token token, boolean fresh) implements Grant {}

        /** No token. */
        record Denied(Failure failure) implements Grant {}
    }

    /** A token to be requested: scope and identity. */
    record TokenDemand(Endpoint endpoint, TokenRequest request, Optional<Credential> credential, Duration timeout) {
        TokenCache.Key key() {
            return new TokenCache.Key(
                    endpoint.authority(),
                    request,
                    credential.map(c -> Credential.identityOf(List.of(c))).orElse(""));
        }
    }

    /** Each owner of calls requests for itself, because it has its own share of connections. */
    private record FetchKey(TokenCache.Key token, String owner) {}

    /** A request for a token, and how many wait for it. */
    private static final class TokenFetch {
        private final CompletableFuture<Grant> completed = new CompletableFuture<>();
        private final CallContext context;
        private int waiting;

        TokenFetch(Duration timeout, String owner) {
            // two requests at most: the form, then GET
            context = new CallContext(Deadline.in(timeout.multipliedBy(2)), owner);
        }
    }

    private final Redirects redirects;
    private final RegistrySettings settings;
    private final TokenCache cache;
    private final Clock clock;
    private final Map<FetchKey, TokenFetch> fetches = new HashMap<>();
    private final Cache<URI, Boolean> formless = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((URI realm, Boolean value) ->
                    OVERHEAD + 2 * realm.toString().length())
            .executor(Runnable::run)
            .build();

    public TokenClient(Redirects redirects, RegistrySettings settings, TokenCache cache, Clock clock) {
        this.redirects = redirects;
        this.settings = settings;
        this.cache = cache;
        this.clock = clock;
    }

    /** The token, from the cache or from its service. */
    CompletableFuture<Grant> token(TokenDemand demand, CallContext context) {
        Optional<Token> kept = cache.get(demand.key());
        if (kept.isPresent()) {
            return CompletableFuture.completedFuture(new Grant.Issued(kept.get(), false));
        }
        Optional<Failure> objection =
                objection(demand.endpoint(), demand.request().realm());
        return objection.isPresent() ? denied(objection.get()) : join(demand, context);
    }

    /** A registry has refused this token. */
    void drop(TokenDemand demand, Token token) {
        cache.drop(demand.key(), token);
    }

    private CompletableFuture<Grant> join(TokenDemand demand, CallContext context) {
        FetchKey key = new FetchKey(demand.key(), context.owner());
        TokenFetch flight;
        boolean first;
        synchronized (fetches) {
            TokenFetch other = fetches.get(key);
            first = other == null;
            flight = first ? new TokenFetch(demand.timeout(), context.owner()) : other;
            flight.waiting++;
            fetches.put(key, flight);
        }
        AtomicBoolean cancelled = new AtomicBoolean();
        Runnable cancel = () -> {
            if (cancelled.compareAndSet(false, true)) {
                abandon(key, flight);
            }
        };
        context.onEnd(cancel);
        if (first) {
            fetch(demand, flight.context).whenComplete((grant, error) -> complete(key, flight, grant));
        }
        return flight.completed.whenComplete((grant, error) -> context.forget(cancel));
    }

    private void abandon(FetchKey key, TokenFetch flight) {
        boolean last;
        synchronized (fetches) {
            last = --flight.waiting == 0;
            if (last) {
                fetches.remove(key, flight);
            }
        }
        if (last) {
            flight.context.end();
        }
    }

    private void complete(FetchKey key, TokenFetch flight, Grant grant) {
        if (grant instanceof Grant.Issued issued) {
            cache.put(key.token(), issued.token());
        }
        synchronized (fetches) {
            fetches.remove(key, flight);
        }
        flight.completed.complete(
                grant != null
                        ? grant
                        : new Grant.Denied(Failure.permanent(Kind.UNAVAILABLE, "the token request could not be sent")));
    }

    /** Why this realm is not contacted: the registry chose it, so it may be anything. */
    private Optional<Failure> objection(Endpoint endpoint, URI realm) {
        String authority = Authority.of(realm);
        if (settings.rule(authority).filter(RegistryRule::blocked).isPresent()) {
            return Optional.of(Failure.policy(Kind.REFUSED, "its token service " + authority + " is blocked"));
        }
        boolean sameHost = isSameHost(endpoint, realm);
        boolean allowed = "https".equals(realm.getScheme())
                || endpoint.plain() && sameHost
                || isInsecure(authority)
                || isInsecure(withPort(realm));
        return allowed ? Optional.empty() : Optional.of(plain(realm, sameHost));
    }

    private static boolean isSameHost(Endpoint endpoint, URI realm) {
        String host = Authority.hostOf(endpoint.authority());
        return host.equalsIgnoreCase(realm.getHost())
                || Authority.isLoopback(host) && Authority.isLoopback(realm.getHost());
    }

    private static Failure plain(URI realm, boolean sameHost) {
        // without a port the entry of a token service on the registry's host would be that of the registry
        String entry = sameHost ? withPort(realm) : Authority.of(realm);
        return Failure.policy(
                Kind.REFUSED,
                "its token service is at http://" + Authority.of(realm) + ", where credentials would be sent in plain"
                        + " text: set the registry's external URL (Harbor: external_url, externalURL) to https, or allow it"
                        + " with registries.\"" + entry + "\".insecure: true");
    }

    private static String withPort(URI realm) {
        return realm.getPort() < 0 ? Authority.of(realm) + ":80" : Authority.of(realm);
    }

    private boolean isInsecure(String authority) {
        return settings.rule(authority).flatMap(RegistryRule::insecure).orElse(false);
    }

    private CompletableFuture<Grant> fetch(TokenDemand demand, CallContext context) {
        URI realm = demand.request().realm();
        if (demand.credential().isEmpty()) {
            return redirects.send(get(demand), context).thenApply(this::grant);
        }
        Credential credential = demand.credential().get();
        RegistryRequest get = get(demand).authorized(credential.basic());
        if (formless.getIfPresent(realm) != null) {
            return redirects.send(get, context).thenApply(this::grant);
        }
        return redirects.send(post(demand, credential), context).thenCompose(posted -> {
            if (!(posted instanceof Response response) || !isFormUnknown(response.status())) {
                return CompletableFuture.completedFuture(grant(posted));
            }
            return redirects.send(get, context).thenApply(got -> {
                Grant grant = grant(got);
                if (grant instanceof Grant.Issued && (response.status() == 404 || response.status() == 405)) {
                    formless.put(realm, true);
                }
                return grant;
            });
        });
    }

    private static boolean isFormUnknown(int status) {
        return FORM_UNKNOWN.contains(status) || status >= 300 && status < 400;
    }

    private RegistryRequest get(TokenDemand demand) {
        return call(demand, "GET", demand.request().get(), Map.of("Accept", "application/json"), Optional.empty());
    }

    private RegistryRequest post(TokenDemand demand, Credential credential) {
        Map<String, String> headers =
                Map.of("Accept", "application/json", "Content-Type", "application/x-www-form-urlencoded");
        String form = demand.request().form(credential);
        return call(demand, "POST", demand.request().realm(), headers, Optional.of(BodyPublishers.ofString(form)));
    }

    private RegistryRequest call(
            TokenDemand demand, String method, URI uri, Map<String, String> headers, Optional<BodyPublisher> body) {
        String authority = Authority.of(uri);
        RegistryRule rule = settings.rule(authority).orElseGet(() -> RegistryRule.of(authority)
                .withTrusted(demand.endpoint().rule().trusted()));
        return new RegistryRequest(
                RegistryObserver.Operation.TOKEN,
                method,
                uri,
                headers,
                body,
                BOUND,
                Digest.Algorithm.SHA256,
                rule,
                "http".equals(uri.getScheme()),
                demand.timeout(),
                Optional.empty());
    }

    private Grant grant(ExchangeResult result) {
        if (result instanceof Failure failure) {
            return new Grant.Denied(failure.withBlame(Blame.REPOSITORY));
        }
        Response response = (Response) result;
        String host = Authority.of(response.from());
        if (response.status() == 200) {
            Optional<Token> token =
                    response.body().whole() ? Token.parse(response.body().bytes()) : Optional.empty();
            return token.<Grant>map(t -> new Grant.Issued(t, true))
                    .orElseGet(() -> new Grant.Denied(Failure.permanent(
                            Kind.UNAVAILABLE,
                            "the token service " + host + " returned something that is not a valid token")));
        }
        return new Grant.Denied(refusal(response, "the token service " + host));
    }

    /** A token service says nothing about the image, so nothing here says that a node could not run it. */
    private Failure refusal(Response response, String service) {
        int status = response.status();
        String answer =
                service + " returned " + status + ErrorCodes.of(response.body()).shown();
        return switch (StatusMapping.kind(status)) {
            case UNAUTHORIZED -> Failure.permanent(Kind.UNAUTHORIZED, "does not exist or needs credentials: " + answer);
            case FORBIDDEN ->
                Failure.permanent(Kind.FORBIDDEN, "does not exist or these credentials may not read it: " + answer);
            case RATE_LIMITED ->
                new Failure(
                        Kind.RATE_LIMITED,
                        answer + " (too many requests)",
                        false,
                        Blame.NONE,
                        Optional.of(
                                RetryAfter.parse(response.header("Retry-After").orElse(""), clock)));
            default ->
                StatusMapping.worthRetrying(status)
                        ? Failure.retryable(Kind.UNAVAILABLE, answer)
                        : Failure.permanent(Kind.UNAVAILABLE, answer);
        };
    }

    private static CompletableFuture<Grant> denied(Failure failure) {
        return CompletableFuture.completedFuture(new Grant.Denied(failure));
    }
}
