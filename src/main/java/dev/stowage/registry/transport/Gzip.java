package dev.stowage.registry.transport;

import java.io.EOFException;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decodes gzip (RFC 1952) up to a bound: all members of it. Unlike {@link java.util.zip.GZIPInputStream}, which ignores it, data after
 * the last member is an error, as for container runtimes.
 */
public final class Gzip {

    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int FIRST_SIZE = 8192;

    /**
     * What was decoded.
     *
     * @param bytes as many as the bound allows
     * @param whole false when there is more than the bound allows
     */
    public record Decoded(byte[] bytes, boolean whole) {}

    private final byte[] body;
    private final int bound;
    private final Inflater inflater = new Inflater(true);
    private int at;
    private byte[] out;
    private int length;

    private Gzip(byte[] body, int bound) {
        this.body = body;
        this.bound = bound;
        this.out = new byte[Math.min(bound, FIRST_SIZE)];
    }

    /**
     * Decodes a body.
     *
     * @param body the body as it came
     * @param bound how many bytes are decoded at most
     * @throws EOFException when it ends within a member
     * @throws ZipException when it is not valid gzip; the message, one clause, contains none of it
     */
    public static Decoded decode(byte[] body, int bound) throws EOFException, ZipException {
        Gzip gzip = new Gzip(body, bound);
        try {
            boolean whole = gzip.members();
            return new Decoded(gzip.length == gzip.out.length ? gzip.out : Arrays.copyOf(gzip.out, gzip.length), whole);
        } catch (DataFormatException e) {
            throw new ZipException("its data is damaged");
        } finally {
            gzip.inflater.end();
        }
    }

    private boolean members() throws EOFException, ZipException, DataFormatException {
        do {
            header();
            int start = length;
            if (!inflate()) {
                return false;
            }
            trailer(start);
        } while (at < body.length);
        return true;
    }

    private void header() throws EOFException, ZipException {
        int start = at;
        if (body.length > at && unsigned(at) != 0x1f || body.length > at + 1 && unsigned(at + 1) != 0x8b) {
            throw new ZipException(start == 0 ? "it is something else" : "other data follows");
        }
        skip(HEADER);
        int flags = unsigned(start + 3);
        if (unsigned(start + 2) != 8 || (flags & RESERVED) != 0) {
            throw new ZipException("its method is unknown");
        }
        if ((flags & HAS_EXTRA) != 0) {
            skip(2);
            skip(unsigned(at - 2) | unsigned(at - 1) << 8);
        }
        if ((flags & HAS_NAME) != 0) {
            skipText();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipText();
        }
        if ((flags & HAS_CHECKSUM) != 0) {
            skip(2);
        }
    }

    /** Decodes one member; false when it is longer than the bound allows. */
    private boolean inflate() throws EOFException, DataFormatException {
        inflater.reset();
        inflater.setInput(body, at, body.length - at);
        byte[] oneMore = new byte[1];
        while (!inflater.finished()) {
            if (length == bound) {
                if (inflater.inflate(oneMore) > 0) {
                    return false;
                }
            } else {
                if (length == out.length) {
                    out = Arrays.copyOf(out, (int) Math.min(bound, 2L * length));
                }
                length += inflater.inflate(out, length, out.length - length);
            }
            if (inflater.needsDictionary() || inflater.needsInput() && !inflater.finished()) {
                throw new EOFException();
            }
        }
        at = body.length - inflater.getRemaining();
        return true;
    }

    private void trailer(int start) throws EOFException, ZipException {
        skip(TRAILER);
        CRC32 checksum = new CRC32();
        checksum.update(out, start, length - start);
        if (checksum.getValue() != number(at - TRAILER) || (length - start) != (int) number(at - TRAILER + 4)) {
            throw new ZipException("its checksum is wrong");
        }
    }

    private long number(int from) {
        return (unsigned(from) | unsigned(from + 1) << 8 | unsigned(from + 2) << 16 | (long) unsigned(from + 3) << 24)
                & 0xffffffffL;
    }

    private int unsigned(int index) {
        return body[index] & 0xff;
    }

    private void skip(int bytes) throws EOFException {
        if (bytes > body.length - at) {
            throw new EOFException();
        }
        at += bytes;
    }

    private void skipText() throws EOFException {
        do {
            skip(1);
        } while (body[at - 1] != 0);
    }
}
