package dev.stowage.registry.cache;

import java.time.Duration;
import java.util.Objects;

/**
 * The sizes and times of a {@link CachingRegistry}. The weights bound what the entries occupy on the heap, in bytes and
 * roughly; an entry that is pushed out costs a request when it is wanted again, nothing else.
 *
 * @param contentBytes bound for the bytes of manifests and configs, which are stored once however many may read them
 * @param proofBytes bound for who has shown that they can read what
 * @param tagBytes bound for what tags name
 * @param failureBytes bound for remembered failures
 * @param contentTtl how long a proof of access to a digest counts, and how long a tag's last digest is remembered; not shorter
 *     than {@code tagTtl} and {@code staleFor}
 * @param tagTtl how long a tag is used before Stowage checks whether it has moved; zero for never
 * @param staleFor up to which age the last known good answer for a tag stands in for a registry that cannot be reached; zero for
 *     never
 * @param failureTtl how long the failures NotFound, Unauthorized, Forbidden, Invalid, TooLarge and NotAnImage are cached
 * @param outageTtl how long Unavailable and Timeout are cached
 * @param longestPause how long a registry's {@code Retry-After} is obeyed at most; one that names no time gets {@code failureTtl}
 * @param patience what a request is given at least, whatever the deadline of the caller who happened to come first
 */
public record CacheSettings(
        long contentBytes,
        long proofBytes,
        long tagBytes,
        long failureBytes,
        Duration contentTtl,
        Duration tagTtl,
        Duration staleFor,
        Duration failureTtl,
        Duration outageTtl,
        Duration longestPause,
        Duration patience) {

    /** The defaults: 64 MiB of content, 5 minutes for tags, an hour for the last known good. */
    public static final CacheSettings DEFAULT = new CacheSettings(
            64L << 20,
            16L << 20,
            8L << 20,
            4L << 20,
            Duration.ofHours(24),
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10));

    /**
     * @throws IllegalArgumentException when a weight is negative, a time is negative or absurdly long, or {@code contentTtl} is
     *     shorter than what relies on it; the message names the setting
     */
    public CacheSettings {
        notNegative("contentBytes", contentBytes);
        notNegative("proofBytes", proofBytes);
        notNegative("tagBytes", tagBytes);
        notNegative("failureBytes", failureBytes);
        sensible("contentTtl", contentTtl);
        sensible("tagTtl", tagTtl);
        sensible("staleFor", staleFor);
        sensible("failureTtl", failureTtl);
        sensible("outageTtl", outageTtl);
        sensible("longestPause", longestPause);
        sensible("patience", patience);
        if (patience.isZero()) {
            throw new IllegalArgumentException("patience must be longer than zero");
        }
        if (contentTtl.compareTo(tagTtl) < 0 || contentTtl.compareTo(staleFor) < 0) {
            throw new IllegalArgumentException("contentTtl (" + contentTtl + ") must not be shorter than tagTtl ("
                    + tagTtl + ") and staleFor (" + staleFor + ")");
        }
    }

    private static void notNegative(String name, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + bytes);
        }
    }

    // a year: far from where nanoseconds in a long run over
    private static void sensible(String name, Duration time) {
        Objects.requireNonNull(time, name);
        if (time.isNegative() || time.compareTo(Duration.ofDays(366)) > 0) {
            throw new IllegalArgumentException(name + " must be between zero and a year: " + time);
        }
    }
}
