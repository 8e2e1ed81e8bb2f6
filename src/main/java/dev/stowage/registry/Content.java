package dev.stowage.registry;

import dev.stowage.image.Digest;
import dev.stowage.oci.MediaTypes;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A document or blob as a registry served it, already checked: within bounds and, where a digest or size was known, equal to it.
 *
 * @param bytes the bytes as served; not to be changed
 * @param contentType the Content-Type header without parameters, lower case; empty when there was none
 * @param digest the digest of the bytes (the one requested, or sha256 for a tag)
 * @param head what a HEAD request says of it; empty where none was needed, since {@code contentType} is that of a document
 * @param stale present when this is the last known good answer for a tag, since the registry could not be reached again
 */
public record Content(byte[] bytes, String contentType, Digest digest, Optional<Head> head, Optional<Stale> stale) {

    /**
     * The response to a HEAD request, which containerd believes rather than that to GET.
     *
     * @param contentType its Content-Type without parameters, lower case; empty when there was none
     * @param length the length that it declares; empty when there was none
     */
    public record Head(String contentType, OptionalLong length) {
        public Head {
            Objects.requireNonNull(contentType, "contentType");
            Objects.requireNonNull(length, "length");
        }
    }

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
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(stale, "stale");
    }

    /** Content that is current. */
    public Content(byte[] bytes, String contentType, Digest digest) {
        this(bytes, contentType, digest, Optional.empty(), Optional.empty());
    }

    /** The same content, of which a HEAD request says this. */
    public Content withHead(Head head) {
        return new Content(bytes, contentType, digest, Optional.of(head), stale);
    }

    /** Whether it is known as what each runtime reads this, if a reference names it. */
    public boolean isTypeKnown() {
        return head.isPresent() || MediaTypes.isDocument(contentType);
    }

    /** The same content, marked as the last known good answer. */
    public Content markedStale(Duration age, RegistryFailure cause) {
        return new Content(bytes, contentType, digest, head, Optional.of(new Stale(age, cause)));
    }
}
