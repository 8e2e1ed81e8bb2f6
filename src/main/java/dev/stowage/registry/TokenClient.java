package dev.stowage.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.image.Digest;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.Result.Broken;
import dev.stowage.registry.Result.Reply;
import dev.stowage.registry.auth.Credential;
import dev.stowage.registry.auth.Token;
import dev.stowage.registry.auth.TokenCache;
import dev.stowage.registry.auth.TokenRequest;
import java.net.URI;
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
 * where that is not known, without credentials by GET. One request for one token at a time, however many wait for it.
 */
final class TokenClient {

    private static final long BOUND = 1024 * 1024;
    private static final Set<Integer> FORM_UNKNOWN = Set.of(400, 401, 404, 405);

    /** What a token service says. */
    sealed interface Grant {
        /** A token; {@code fresh} when it was not in the cache. */
        record Given(Token token, boolean fresh) implements Grant {}

        /** No token. */
        record Denied(Broken broken) implements Grant {}
    }

    /** Which token is wanted, and for whom. */
    record Want(Endpoint endpoint, TokenRequest request, Optional<Credential> credential, Duration timeout) {
        TokenCache.Key key() {
            return new TokenCache.Key(
                    endpoint.authority(),
                    request,
                    credential.map(c -> Credential.identityOf(List.of(c))).orElse(""));
        }
    }

    /** A request for a token, and how many wait for it. */
    private static final class Flight {
        private final CompletableFuture<Grant> landed = new CompletableFuture<>();
        private final Errand errand;
        private int waiting;

        Flight(Duration timeout) {
            // two requests at most: the form, then GET
            errand = new Errand(Deadline.in(timeout.multipliedBy(2)));
        }
    }

    private final Redirects redirects;
    private final RegistrySettings settings;
    private final TokenCache cache;
    private final Clock clock;
    private final Map<TokenCache.Key, Flight> flights = new HashMap<>();
    private final Cache<URI, Boolean> formless =
            Caffeine.newBuilder().maximumSize(1000).build();

    TokenClient(Redirects redirects, RegistrySettings settings, TokenCache cache, Clock clock) {
        this.redirects = redirects;
        this.settings = settings;
        this.cache = cache;
        this.clock = clock;
    }

    /** The token, from the cache or from its service. */
    CompletableFuture<Grant> token(Want want, Errand errand) {
        Optional<Token> kept = cache.get(want.key());
        if (kept.isPresent()) {
            return CompletableFuture.completedFuture(new Grant.Given(kept.get(), false));
        }
        Optional<Broken> objection = objection(want.endpoint(), want.request().realm());
        return objection.isPresent() ? denied(objection.get()) : board(want, errand);
    }

    /** A registry has refused this token. */
    void drop(Want want, Token token) {
        cache.drop(want.key(), token);
    }

    private CompletableFuture<Grant> board(Want want, Errand errand) {
        TokenCache.Key key = want.key();
        Flight flight;
        boolean first;
        synchronized (flights) {
            Flight other = flights.get(key);
            first = other == null;
            flight = first ? new Flight(want.timeout()) : other;
            flight.waiting++;
            flights.put(key, flight);
        }
        AtomicBoolean left = new AtomicBoolean();
        Runnable leave = () -> {
            if (left.compareAndSet(false, true)) {
                leave(key, flight);
            }
        };
        errand.onEnd(leave);
        if (first) {
            fetch(want, flight.errand).whenComplete((grant, error) -> land(key, flight, grant));
        }
        return flight.landed.whenComplete((grant, error) -> errand.forget(leave));
    }

    private void leave(TokenCache.Key key, Flight flight) {
        boolean last;
        synchronized (flights) {
            last = --flight.waiting == 0;
            if (last) {
                flights.remove(key, flight);
            }
        }
        if (last) {
            flight.errand.end();
        }
    }

    private void land(TokenCache.Key key, Flight flight, Grant grant) {
        if (grant instanceof Grant.Given given) {
            cache.put(key, given.token());
        }
        synchronized (flights) {
            flights.remove(key, flight);
        }
        flight.landed.complete(
                grant != null
                        ? grant
                        : new Grant.Denied(Broken.lasting(Kind.UNAVAILABLE, "the token request could not be sent")));
    }

    /** Why this realm is not contacted: the registry chose it, so it may be anything. */
    private Optional<Broken> objection(Endpoint endpoint, URI realm) {
        String authority = Authority.of(realm);
        if (settings.rule(authority).filter(RegistryRule::blocked).isPresent()) {
            return Optional.of(Broken.ours(Kind.REFUSED, "its token service " + authority + " is blocked"));
        }
        String host = Authority.hostOf(endpoint.authority());
        boolean sameHost = host.equalsIgnoreCase(realm.getHost())
                || Authority.isLoopback(host) && Authority.isLoopback(realm.getHost());
        return "https".equals(realm.getScheme()) || endpoint.plain() && sameHost
                ? Optional.empty()
                : Optional.of(Broken.ours(
                        Kind.REFUSED,
                        "its token service " + authority
                                + " serves plain HTTP, which is allowed only for an"
                                + " insecure registry on its own host"));
    }

    private CompletableFuture<Grant> fetch(Want want, Errand errand) {
        URI realm = want.request().realm();
        if (want.credential().isEmpty()) {
            return redirects.send(get(want), errand).thenApply(this::grant);
        }
        Credential credential = want.credential().get();
        Call get = get(want).authorized(credential.basic());
        if (formless.getIfPresent(realm) != null) {
            return redirects.send(get, errand).thenApply(this::grant);
        }
        return redirects.send(post(want, credential), errand).thenCompose(posted -> {
            if (!(posted instanceof Reply reply) || !isFormUnknown(reply.status())) {
                return CompletableFuture.completedFuture(grant(posted));
            }
            return redirects.send(get, errand).thenApply(got -> {
                Grant grant = grant(got);
                if (grant instanceof Grant.Given && (reply.status() == 404 || reply.status() == 405)) {
                    formless.put(realm, true);
                }
                return grant;
            });
        });
    }

    private static boolean isFormUnknown(int status) {
        return FORM_UNKNOWN.contains(status) || status >= 300 && status < 400;
    }

    private Call get(Want want) {
        return call(want, "GET", want.request().get(), Map.of("Accept", "application/json"), Optional.empty());
    }

    private Call post(Want want, Credential credential) {
        Map<String, String> headers =
                Map.of("Accept", "application/json", "Content-Type", "application/x-www-form-urlencoded");
        String form = want.request().form(credential);
        return call(want, "POST", want.request().realm(), headers, Optional.of(form));
    }

    private Call call(Want want, String method, URI uri, Map<String, String> headers, Optional<String> form) {
        String authority = Authority.of(uri);
        RegistryRule rule = settings.rule(authority).orElseGet(() -> RegistryRule.of(authority)
                .withTrusted(want.endpoint().rule().trusted()));
        return new Call(
                RegistryObserver.Ask.TOKEN,
                method,
                uri,
                headers,
                form,
                BOUND,
                Digest.Algorithm.SHA256,
                rule,
                "http".equals(uri.getScheme()),
                want.timeout());
    }

    private Grant grant(Result result) {
        if (result instanceof Broken broken) {
            return new Grant.Denied(broken);
        }
        Reply reply = (Reply) result;
        String host = Authority.of(reply.from());
        if (reply.status() == 200) {
            Optional<Token> token =
                    reply.body().whole() ? Token.parse(reply.body().bytes()) : Optional.empty();
            return token.<Grant>map(t -> new Grant.Given(t, true))
                    .orElseGet(() -> new Grant.Denied(Broken.lasting(
                            Kind.UNAVAILABLE,
                            "the token service " + host + " returned something that is not a valid token")));
        }
        return new Grant.Denied(refusal(reply, "the token service " + host));
    }

    /** A token service says nothing about the image, so nothing here says that a node could not run it. */
    private Broken refusal(Reply reply, String service) {
        int status = reply.status();
        String answer =
                service + " returned " + status + ErrorCodes.of(reply.body()).shown();
        return switch (Statuses.kind(status)) {
            case UNAUTHORIZED -> Broken.lasting(Kind.UNAUTHORIZED, "does not exist or needs credentials: " + answer);
            case FORBIDDEN ->
                Broken.lasting(Kind.FORBIDDEN, "does not exist or these credentials may not read it: " + answer);
            case RATE_LIMITED ->
                new Broken(
                        Kind.RATE_LIMITED,
                        answer + " (too many requests)",
                        false,
                        false,
                        Optional.of(RetryAfter.parse(reply.header("Retry-After").orElse(""), clock)));
            default ->
                Statuses.worthRetrying(status)
                        ? Broken.passing(Kind.UNAVAILABLE, answer)
                        : Broken.lasting(Kind.UNAVAILABLE, answer);
        };
    }

    private static CompletableFuture<Grant> denied(Broken broken) {
        return CompletableFuture.completedFuture(new Grant.Denied(broken));
    }
}
