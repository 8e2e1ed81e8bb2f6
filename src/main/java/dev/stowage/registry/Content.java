package dev.stowage.registry;

import dev.stowage.image.Digest;
import java.util.Objects;

/**
 * A document or blob as a registry served it, already checked: within bounds and, where a digest or size was known, equal to it.
 *
 * @param bytes the bytes as served; not to be changed
 * @param contentType the Content-Type header without parameters, lower case; empty when there was none
 * @param digest the digest of the bytes (the one asked for, or sha256 for a tag)
 */
public record Content(byte[] bytes, String contentType, Digest digest) {
    public Content {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(digest, "digest");
    }
}
