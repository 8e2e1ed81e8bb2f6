package dev.stowage.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.async.Deadline;
import dev.stowage.registry.RegistryFailure;
import java.time.Duration;
import java.util.Optional;

/** Failures that came a moment ago, so that a failing or busy registry does not get the same request again at once. */
final class FailureCache {

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final int FAILURE_BYTES = 400;

    /**
     * A failure and what it says about the next attempt.
     *
     * @param granted the time that the registry had to respond
     * @param at its time, on the ticker
     */
    private record CachedFailure(RegistryFailure failure, Duration granted, long at) {}

    private final Cache<CacheKey, CachedFailure> noted;
    private final CacheSettings settings;
    private final Ticker ticker;

    FailureCache(CacheSettings settings, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
        noted = Caffeine.newBuilder()
                .maximumWeight(settings.failureBytes())
                .weigher((CacheKey key, CachedFailure failure) ->
                        FAILURE_BYTES + key.weight() + weight(failure.failure()))
                .expireAfter(Expiry.writing((CacheKey key, CachedFailure failure) -> remembered(failure.failure())))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    private static int weight(RegistryFailure failure) {
        return failure.host().length()
                + failure.subject().length()
                + failure.reason().length();
    }

    /**
     * The failure that stands for this key's answer now. A timeout stands only for who would wait no longer than the registry was
     * given then: who brings more time may still get an answer.
     */
    Optional<RegistryFailure> find(CacheKey key, Deadline deadline) {
        return standing(key, deadline.remaining());
    }

    /** The failure that stands for this key's answer, timeouts left out. */
    Optional<RegistryFailure> findAnswered(CacheKey key) {
        return standing(key, Duration.ofSeconds(Long.MAX_VALUE));
    }

    private Optional<RegistryFailure> standing(CacheKey key, Duration time) {
        CachedFailure there = noted.getIfPresent(key);
        if (there == null
                || (there.failure().kind() == RegistryFailure.Kind.TIMEOUT && time.compareTo(there.granted()) > 0)) {
            return Optional.empty();
        }
        return Optional.of(asOfNow(there));
    }

    /** A pause that the registry requested grows shorter while it lasts. */
    private RegistryFailure asOfNow(CachedFailure there) {
        RegistryFailure failure = there.failure();
        if (failure.retryAfter().isEmpty()) {
            return failure;
        }
        Duration left = failure.retryAfter().get().minusNanos(Math.max(0, ticker.read() - there.at()));
        return new RegistryFailure(
                failure.kind(),
                failure.host(),
                failure.subject(),
                failure.reason(),
                Optional.of(left.isNegative() ? Duration.ZERO : left));
    }

    /**
     * Remembers a failure for as long as its kind says.
     *
     * @param granted the time that the registry had to respond
     */
    void note(CacheKey key, RegistryFailure failure, Duration granted) {
        if (!remembered(failure).isZero()) {
            noted.put(key, new CachedFailure(failure, granted, ticker.read()));
        }
    }

    void forget(CacheKey key) {
        noted.invalidate(key);
    }

    private Duration remembered(RegistryFailure failure) {
        return switch (failure.kind()) {
            case NOT_FOUND, UNAUTHORIZED, FORBIDDEN, INVALID, TOO_LARGE, NOT_AN_IMAGE -> settings.failureTtl();
            case UNAVAILABLE, TIMEOUT -> settings.outageTtl();
            case RATE_LIMITED -> failure.retryAfter().map(this::pause).orElse(settings.failureTtl());
            // our own policy costs no request, and a fixed configuration counts at once
            case REFUSED -> Duration.ZERO;
        };
    }

    private Duration pause(Duration requested) {
        Duration atLeast = requested.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : requested;
        return atLeast.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : atLeast;
    }

    Cache<?, ?> cache() {
        return noted;
    }
}
