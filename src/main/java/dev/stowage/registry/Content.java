package dev.stowage.registry;

import dev.stowage.image.Digest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A document or blob as a registry served it, already checked: within bounds and, where a digest or size was known, equal to it.
 *
 * @param bytes the bytes as served; not to be changed
 * @param contentType the Content-Type header without parameters, lower case; empty when there was none
 * @param digest the digest of the bytes (the one requested, or sha256 for a tag)
 * @param stale present when this is the last known good answer for a tag, since the registry could not be reached again
 */
public record Content(byte[] bytes, String contentType, Digest digest, Optional<Stale> stale) {

    /**
     * How far the last known good answer can be relied on.
     *
     * @param age how long ago the registry last said that the tag names this; never negative
     * @param cause why it could not be reached again
     */
    public record Stale(Duration age, RegistryFailure cause) {
        public Stale {
            Objects.requireNonNull(age, "age");
            Objects.requireNonNull(cause, "cause");
            if (age.isNegative()) {
                throw new IllegalArgumentException("age is negative: " + age);
            }
        }
    }

    public Content {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(stale, "stale");
    }

    /** Content that is current. */
    public Content(byte[] bytes, String contentType, Digest digest) {
        this(bytes, contentType, digest, Optional.empty());
    }

    /** The same content, marked as the last known good answer. */
    public Content markedStale(Duration age, RegistryFailure cause) {
        return new Content(bytes, contentType, digest, Optional.of(new Stale(age, cause)));
    }
}
