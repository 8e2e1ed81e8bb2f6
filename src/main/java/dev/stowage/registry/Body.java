package dev.stowage.registry;

import dev.stowage.image.Digest;
import java.nio.charset.StandardCharsets;

/**
 * The body of an answer as far as it was read.
 *
 * @param bytes what was read
 * @param digest the digest of what was read
 * @param whole whether this is all; false when reading stopped at the bound
 */
record Body(byte[] bytes, Digest digest, boolean whole) {

    static final Body EMPTY = new Body(new byte[0], Digest.of(new byte[0]), true);

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
