package dev.stowage.registry.cache;

import static dev.stowage.registry.cache.CacheSettings.DEFAULT;

import java.time.Duration;

/** The default settings with one of them changed. */
final class Settings {

    private Settings() {}

    static CacheSettings with(long contentBytes) {
        return of(contentBytes, DEFAULT.tagTtl(), DEFAULT.staleFor(), DEFAULT.patience());
    }

    static CacheSettings withTimes(Duration tagTtl, Duration staleFor) {
        return of(DEFAULT.contentBytes(), tagTtl, staleFor, DEFAULT.patience());
    }

    static CacheSettings withPatience(Duration patience) {
        return of(DEFAULT.contentBytes(), DEFAULT.tagTtl(), DEFAULT.staleFor(), patience);
    }

    private static CacheSettings of(long contentBytes, Duration tagTtl, Duration staleFor, Duration patience) {
        return new CacheSettings(
                contentBytes,
                DEFAULT.proofBytes(),
                DEFAULT.tagBytes(),
                DEFAULT.failureBytes(),
                DEFAULT.contentTtl(),
                tagTtl,
                staleFor,
                DEFAULT.failureTtl(),
                DEFAULT.outageTtl(),
                DEFAULT.longestPause(),
                patience);
    }
}
