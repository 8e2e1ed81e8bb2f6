package dev.stowage.registry.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.stowage.registry.Credential;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps tokens as long as they are good, bounded by their size. A token belongs to the identity that obtained it: one tenant's
 * never answers for another.
 */
public final class TokenCache {

    /**
     * The scope of a token.
     *
     * @param registry the host that wants it
     * @param request realm, service and scopes
     * @param identity whose it is, as {@link Credential#identityOf} says; empty for nobody's
     */
    public record Key(String registry, TokenRequest request, String identity) {
        int weight() {
            // a URI contains its text in parts once more
            return registry.length()
                    + 2 * request.realm().toString().length()
                    + request.service().length()
                    + request.scopes().stream()
                            .mapToInt(scope -> STRING_BYTES + scope.length())
                            .sum()
                    + identity.length();
        }
    }

    static final long MAX_BYTES = 8L << 20;

    private static final int OVERHEAD = 500;
    private static final int STRING_BYTES = 60;

    private final Cache<Key, Token> tokens;

    /**
     * An empty cache.
     *
     * @param nanos the monotonic clock by which tokens end
     */
    public TokenCache(LongSupplier nanos) {
        tokens = Caffeine.newBuilder()
                .maximumWeight(MAX_BYTES)
                .weigher((Key key, Token token) ->
                        OVERHEAD + key.weight() + token.value().length())
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .expireAfter(Expiry.<Key, Token>creating((key, token) -> token.usable()))
                .build();
    }

    /** The token for this, unless there is none or it is about to end. */
    public Optional<Token> get(Key key) {
        return Optional.ofNullable(tokens.getIfPresent(key));
    }

    /** Keeps a token. */
    public void put(Key key, Token token) {
        tokens.invalidate(key);
        tokens.put(key, token);
    }

    /** The tokens, to show their bound. */
    Cache<?, ?> cache() {
        return tokens;
    }

    /** Forgets a token that was refused, unless another has taken its place. */
    public void drop(Key key, Token token) {
        tokens.asMap().remove(key, token);
    }
}
