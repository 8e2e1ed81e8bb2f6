package dev.stowage.serve;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** A body as it comes in, bounded. Room is made for what came, not for what was announced, which costs the client nothing. */
final class RequestBody {

    /** Two objects of the largest size that the API server takes (3 MiB), and the review around them. */
    static final int LIMIT = 8 << 20;

    private static final int FIRST = 16 << 10;

    private byte[] bytes;
    private int size;

    /** @param announced the Content-Length; negative when it is unknown */
    RequestBody(long announced) {
        this.bytes = new byte[(int) Math.min(announced < 0 ? FIRST : announced, FIRST)];
    }

    /** Takes a piece; false when that would be too much, and then nothing is kept. */
    boolean add(Buffer piece) {
        int length = piece.length();
        if (length > LIMIT - size) {
            bytes = new byte[0];
            size = 0;
            return false;
        }
        if (bytes.length - size < length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.min(2 * bytes.length, LIMIT)));
        }
        piece.getBytes(bytes, size);
        size += length;
        return true;
    }

    /** All of it; to be taken once. */
    byte[] take() {
        byte[] all = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        bytes = new byte[0];
        size = 0;
        return all;
    }
}
