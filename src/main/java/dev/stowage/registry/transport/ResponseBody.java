package dev.stowage.registry.transport;

import dev.stowage.image.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The body of an answer as far as it was read.
 *
 * @param bytes the bytes read; none when they were written to a file
 * @param length the number of bytes read
 * @param digest the digest of what was read
 * @param whole whether this is all; false when reading stopped at the bound
 */
public record ResponseBody(byte[] bytes, long length, Digest digest, boolean whole) {

    static final ResponseBody EMPTY = new ResponseBody(new byte[0], Digest.of(new byte[0]), true);

    /** A body in memory. */
    public ResponseBody(byte[] bytes, Digest digest, boolean whole) {
        this(bytes, bytes.length, digest, whole);
    }

    static ResponseBody of(byte[] bytes, Digest.Algorithm algorithm, boolean whole) {
        byte[] hash = algorithm.newHash().digest(bytes);
        return new ResponseBody(bytes, new Digest(algorithm, HexFormat.of().formatHex(hash)), whole);
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
