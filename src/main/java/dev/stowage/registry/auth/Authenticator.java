package dev.stowage.registry.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.async.CallContext;
import dev.stowage.registry.Credential;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.auth.TokenClient.Grant;
import dev.stowage.registry.auth.TokenClient.TokenDemand;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.transport.Endpoint;
import dev.stowage.registry.transport.ExchangeResult;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import dev.stowage.registry.transport.ExchangeResult.Response;
import dev.stowage.registry.transport.Redirects;
import dev.stowage.registry.transport.RegistryRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Answers the challenges of registries. A registry is contacted without credentials until it has challenged once; after that
 * its requests carry a token, or Basic, at once. A refused token is dropped once; nothing here goes round in circles.
 */
public final class Authenticator {

    private static final int MAX_ROUNDS = 3;
    static final long MAX_BYTES = 2L << 20;
    private static final int OVERHEAD = 300;
    private static final int STRING_BYTES = 60;

    /** The authentication scheme of a registry. */
    private record AuthScheme(boolean bearer, String realm, String service) {}

    private record ProtectionSpace(String authority, String path) {}

    private final Redirects redirects;
    private final TokenClient tokens;
    private final Function<Endpoint, List<String>> needed;
    private final Cache<String, AuthScheme> schemes = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((String authority, AuthScheme scheme) -> OVERHEAD
                    + authority.length()
                    + scheme.realm().length()
                    + scheme.service().length())
            .executor(Runnable::run)
            .build();
    private final Cache<ProtectionSpace, List<String>> scopes = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((ProtectionSpace space, List<String> used) -> OVERHEAD
                    + space.authority().length()
                    + space.path().length()
                    + used.stream()
                            .mapToInt(scope -> STRING_BYTES + scope.length())
                            .sum())
            .executor(Runnable::run)
            .build();

    /** For reading. */
    public Authenticator(Redirects redirects, TokenClient tokens) {
        this(redirects, tokens, endpoint -> List.of("repository:" + endpoint.path() + ":pull"));
    }

    /**
     * For what these scopes allow.
     *
     * @param needed the scopes of every token, next to those that the registry names
     */
    public Authenticator(Redirects redirects, TokenClient tokens, Function<Endpoint, List<String>> needed) {
        this.redirects = redirects;
        this.tokens = tokens;
        this.needed = needed;
    }

    /** Sends the request with this credential, or anonymously. */
    public CompletableFuture<ExchangeResult> send(
            Endpoint endpoint, Optional<Credential> credential, RegistryRequest request, CallContext context) {
        return new Attempt(endpoint, credential, request, context).begin();
    }

    /** What is remembered of registries and of repositories, to show its bound. */
    List<Cache<?, ?>> caches() {
        return List.of(schemes, scopes);
    }

    /** One request through all its rounds. */
    private final class Attempt {

        private final Endpoint endpoint;
        private final Optional<Credential> credential;
        private final RegistryRequest call;
        private final CallContext context;
        private int rounds;
        private boolean sentBasic;
        private boolean dropped;
        private TokenDemand sentDemand;
        private Grant.Issued sent;
        private TokenDemand deniedDemand;
        private Failure denied;

        Attempt(Endpoint endpoint, Optional<Credential> credential, RegistryRequest call, CallContext context) {
            this.endpoint = endpoint;
            this.credential = credential;
            this.call = call;
            this.context = context;
        }

        CompletableFuture<ExchangeResult> begin() {
            AuthScheme scheme = schemes.getIfPresent(endpoint.authority());
            if (scheme == null) {
                return plainly();
            }
            if (!scheme.bearer()) {
                return hasPassword() ? basic(scheme) : plainly();
            }
            TokenDemand demand = want(scheme, scopes.getIfPresent(place()));
            return tokens.token(demand, context).thenCompose(grant -> {
                if (grant instanceof Grant.Issued issued) {
                    return bearer(scheme, demand, issued);
                }
                // it may be readable without: the challenge that is remembered was for something else
                deniedDemand = demand;
                denied = ((Grant.Denied) grant).failure();
                return denied.kind() == Kind.UNAUTHORIZED || denied.kind() == Kind.FORBIDDEN ? plainly() : done(denied);
            });
        }

        private CompletableFuture<ExchangeResult> plainly() {
            return redirects.send(call, context).thenCompose(this::judge);
        }

        private CompletableFuture<ExchangeResult> basic(AuthScheme scheme) {
            rounds++;
            sentBasic = true;
            RegistryRequest authorized =
                    call.authorized(credential.orElseThrow().basic());
            return redirects.send(authorized, context).thenCompose(result -> {
                remember(scheme, List.of(), result);
                return judge(result);
            });
        }

        private CompletableFuture<ExchangeResult> bearer(AuthScheme scheme, TokenDemand demand, Grant.Issued issued) {
            rounds++;
            sentDemand = demand;
            sent = issued;
            RegistryRequest authorized =
                    call.authorized("Bearer " + issued.token().value());
            return redirects.send(authorized, context).thenCompose(result -> {
                remember(scheme, demand.request().scopes(), result);
                return judge(result);
            });
        }

        private CompletableFuture<ExchangeResult> judge(ExchangeResult result) {
            if (!(result instanceof Response response) || rounds >= MAX_ROUNDS) {
                return done(result);
            }
            if (response.status() == 400 && sent != null && !isFinal()) {
                return renew(new AuthScheme(
                        true,
                        sentDemand.request().realm().toString(),
                        sentDemand.request().service()));
            }
            // a host that we were redirected to gets no credentials, whatever it requests
            return response.status() == 401 && Authority.sameOrigin(response.from(), call.uri())
                    ? answer(response)
                    : done(result);
        }

        private CompletableFuture<ExchangeResult> answer(Response response) {
            Optional<Challenge> chosen =
                    Challenge.choose(Challenge.parse(response.headers().allValues("WWW-Authenticate")));
            if (chosen.isEmpty()) {
                return done(Failure.permanent(
                        Kind.UNAUTHORIZED,
                        "does not exist or needs credentials: " + endpoint.authority()
                                + " returned 401 without a WWW-Authenticate challenge"));
            }
            Challenge challenge = chosen.get();
            if (challenge.isBasic()) {
                return sentBasic || !hasPassword() ? done(response) : basic(new AuthScheme(false, "", ""));
            }
            Optional<URI> realm = realm(challenge.realm());
            if (realm.isEmpty()) {
                return done(Failure.permanent(
                        Kind.UNAUTHORIZED, endpoint.authority() + " names a token service whose address is not valid"));
            }
            AuthScheme scheme = new AuthScheme(true, realm.get().toString(), challenge.service());
            TokenDemand demand = want(scheme, challenge.scopes());
            if (sent != null && demand.key().equals(sentDemand.key())) {
                return isFinal() ? done(response) : renew(scheme);
            }
            if (deniedDemand != null && demand.key().equals(deniedDemand.key())) {
                return done(denied);
            }
            return fetch(scheme, demand);
        }

        /** Whether the token that was refused was made for this very request, so that another would be refused too. */
        private boolean isFinal() {
            return dropped || sent.fresh();
        }

        private CompletableFuture<ExchangeResult> renew(AuthScheme scheme) {
            dropped = true;
            Token old = sent.token();
            tokens.drop(sentDemand, old);
            return fetch(scheme, sentDemand);
        }

        private CompletableFuture<ExchangeResult> fetch(AuthScheme scheme, TokenDemand demand) {
            return tokens.token(demand, context)
                    .thenCompose(grant -> grant instanceof Grant.Issued issued
                            ? bearer(scheme, demand, issued)
                            : done(((Grant.Denied) grant).failure()));
        }

        /** Credentials made of an identity token are for token services only. */
        private boolean hasPassword() {
            return credential
                    .filter(c -> !c.isIdentityToken() && !c.secret().isEmpty())
                    .isPresent();
        }

        private TokenDemand want(AuthScheme scheme, List<String> requested) {
            List<String> own = needed.apply(endpoint);
            TreeSet<String> all = new TreeSet<>(requested == null ? List.of() : requested);
            // pull is part of pull,push
            all.removeIf(scope -> own.stream().anyMatch(wider -> wider.startsWith(scope + ",")));
            all.addAll(own);
            TokenRequest request = TokenRequest.of(URI.create(scheme.realm()), scheme.service(), all);
            Optional<Credential> usable = credential.filter(c -> !c.secret().isEmpty());
            return new TokenDemand(endpoint, request, usable, call.timeout());
        }

        private Optional<URI> realm(String text) {
            try {
                URI realm = call.uri().resolve(text.trim());
                boolean http = "http".equals(realm.getScheme()) || "https".equals(realm.getScheme());
                return http
                                && realm.getHost() != null
                                && realm.getRawUserInfo() == null
                                && realm.getRawFragment() == null
                        ? Optional.of(realm)
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        private void remember(AuthScheme scheme, List<String> used, ExchangeResult result) {
            if (result instanceof Response response && response.status() != 401) {
                schemes.put(endpoint.authority(), scheme);
                scopes.put(place(), used);
            }
        }

        private ProtectionSpace place() {
            return new ProtectionSpace(endpoint.authority(), endpoint.path());
        }
    }

    private static CompletableFuture<ExchangeResult> done(ExchangeResult result) {
        return CompletableFuture.completedFuture(result);
    }
}
