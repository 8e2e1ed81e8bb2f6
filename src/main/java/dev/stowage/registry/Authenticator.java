package dev.stowage.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.Result.Broken;
import dev.stowage.registry.Result.Reply;
import dev.stowage.registry.TokenClient.Grant;
import dev.stowage.registry.TokenClient.Want;
import dev.stowage.registry.auth.Challenge;
import dev.stowage.registry.auth.Credential;
import dev.stowage.registry.auth.Token;
import dev.stowage.registry.auth.TokenRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Answers the challenges of registries. A registry is contacted without credentials until it has challenged once; after that
 * its requests carry a token, or Basic, at once. A refused token is dropped once; nothing here goes round in circles.
 */
final class Authenticator {

    private static final int MAX_ROUNDS = 3;

    /** How requests to a registry are authenticated. */
    private record Manner(boolean bearer, String realm, String service) {}

    private record Place(String authority, String path) {}

    private final Redirects redirects;
    private final TokenClient tokens;
    private final Cache<String, Manner> manners =
            Caffeine.newBuilder().maximumSize(10_000).build();
    private final Cache<Place, List<String>> scopes =
            Caffeine.newBuilder().maximumSize(10_000).build();

    Authenticator(Redirects redirects, TokenClient tokens) {
        this.redirects = redirects;
        this.tokens = tokens;
    }

    /** Sends the request with this credential, or anonymously. */
    CompletableFuture<Result> send(Endpoint endpoint, Optional<Credential> credential, Call call, Errand errand) {
        return new Visit(endpoint, credential, call, errand).begin();
    }

    /** One request through all its rounds. */
    private final class Visit {

        private final Endpoint endpoint;
        private final Optional<Credential> credential;
        private final Call call;
        private final Errand errand;
        private int rounds;
        private boolean sentBasic;
        private boolean dropped;
        private Want sentWant;
        private Grant.Given sent;
        private Want deniedWant;
        private Broken denied;

        Visit(Endpoint endpoint, Optional<Credential> credential, Call call, Errand errand) {
            this.endpoint = endpoint;
            this.credential = credential;
            this.call = call;
            this.errand = errand;
        }

        CompletableFuture<Result> begin() {
            Manner manner = manners.getIfPresent(endpoint.authority());
            if (manner == null) {
                return plainly();
            }
            if (!manner.bearer()) {
                return hasPassword() ? basic(manner) : plainly();
            }
            Want want = want(manner, scopes.getIfPresent(place()));
            return tokens.token(want, errand).thenCompose(grant -> {
                if (grant instanceof Grant.Given given) {
                    return bearer(manner, want, given);
                }
                // it may be readable without: the challenge that is remembered was for something else
                deniedWant = want;
                denied = ((Grant.Denied) grant).broken();
                return denied.kind() == Kind.UNAUTHORIZED || denied.kind() == Kind.FORBIDDEN ? plainly() : done(denied);
            });
        }

        private CompletableFuture<Result> plainly() {
            return redirects.send(call, errand).thenCompose(this::judge);
        }

        private CompletableFuture<Result> basic(Manner manner) {
            rounds++;
            sentBasic = true;
            Call authorized = call.authorized(credential.orElseThrow().basic());
            return redirects.send(authorized, errand).thenCompose(result -> {
                remember(manner, List.of(), result);
                return judge(result);
            });
        }

        private CompletableFuture<Result> bearer(Manner manner, Want want, Grant.Given given) {
            rounds++;
            sentWant = want;
            sent = given;
            Call authorized = call.authorized("Bearer " + given.token().value());
            return redirects.send(authorized, errand).thenCompose(result -> {
                remember(manner, want.request().scopes(), result);
                return judge(result);
            });
        }

        private CompletableFuture<Result> judge(Result result) {
            if (!(result instanceof Reply reply) || rounds >= MAX_ROUNDS) {
                return done(result);
            }
            if (reply.status() == 400 && sent != null && !isFinal()) {
                return renew(new Manner(
                        true,
                        sentWant.request().realm().toString(),
                        sentWant.request().service()));
            }
            // a host that we were redirected to gets no credentials, whatever it requests
            return reply.status() == 401 && Authority.sameOrigin(reply.from(), call.uri())
                    ? answer(reply)
                    : done(result);
        }

        private CompletableFuture<Result> answer(Reply reply) {
            Optional<Challenge> chosen =
                    Challenge.choose(Challenge.parse(reply.headers().allValues("WWW-Authenticate")));
            if (chosen.isEmpty()) {
                return done(Broken.lasting(
                        Kind.UNAUTHORIZED,
                        "does not exist or needs credentials: " + endpoint.authority()
                                + " returned 401 without a WWW-Authenticate challenge"));
            }
            Challenge challenge = chosen.get();
            if (challenge.isBasic()) {
                return sentBasic || !hasPassword() ? done(reply) : basic(new Manner(false, "", ""));
            }
            Optional<URI> realm = realm(challenge.realm());
            if (realm.isEmpty()) {
                return done(Broken.lasting(
                        Kind.UNAUTHORIZED, endpoint.authority() + " names a token service whose address is not valid"));
            }
            Manner manner = new Manner(true, realm.get().toString(), challenge.service());
            Want want = want(manner, challenge.scopes());
            if (sent != null && want.key().equals(sentWant.key())) {
                return isFinal() ? done(reply) : renew(manner);
            }
            if (deniedWant != null && want.key().equals(deniedWant.key())) {
                return done(denied);
            }
            return fetch(manner, want);
        }

        /** Whether the token that was refused was made for this very request, so that another would be refused too. */
        private boolean isFinal() {
            return dropped || sent.fresh();
        }

        private CompletableFuture<Result> renew(Manner manner) {
            dropped = true;
            Token old = sent.token();
            tokens.drop(sentWant, old);
            return fetch(manner, sentWant);
        }

        private CompletableFuture<Result> fetch(Manner manner, Want want) {
            return tokens.token(want, errand)
                    .thenCompose(grant -> grant instanceof Grant.Given given
                            ? bearer(manner, want, given)
                            : done(((Grant.Denied) grant).broken()));
        }

        /** Credentials made of an identity token are for token services only. */
        private boolean hasPassword() {
            return credential
                    .filter(c -> !c.isIdentityToken() && !c.secret().isEmpty())
                    .isPresent();
        }

        private Want want(Manner manner, List<String> asked) {
            TreeSet<String> all = new TreeSet<>(asked == null ? List.of() : asked);
            all.add("repository:" + endpoint.path() + ":pull");
            TokenRequest request = TokenRequest.of(URI.create(manner.realm()), manner.service(), all);
            Optional<Credential> usable = credential.filter(c -> !c.secret().isEmpty());
            return new Want(endpoint, request, usable, call.timeout());
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

        private void remember(Manner manner, List<String> used, Result result) {
            if (result instanceof Reply reply && reply.status() != 401) {
                manners.put(endpoint.authority(), manner);
                scopes.put(place(), used);
            }
        }

        private Place place() {
            return new Place(endpoint.authority(), endpoint.path());
        }
    }

    private static CompletableFuture<Result> done(Result result) {
        return CompletableFuture.completedFuture(result);
    }
}
