package dev.stowage.registry.transport;

import dev.stowage.image.Digest;
import dev.stowage.registry.RegistryFailure.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * A body that is sent compressed although {@code identity} was requested, as static files and caches do (RFC 9110, 8.4). Gzip is
 * decoded, since container runtimes decode it; digests and sizes are those of the decoded body.
 */
final class ContentEncoding {

    /** The encoding that is requested. */
    static final String IDENTITY = "identity";

    /** By how many bytes a body may grow when it is encoded. */
    static final int ROOM = 64 * 1024;

    private static final List<String> GZIP = List.of("gzip");

    /** What containerd 2 decodes, in any order, and Stowage does not. */
    private static final Set<String> OF_SOME_RUNTIMES = Set.of("gzip", "zstd", "deflate");

    /** A body that cannot be used. */
    static final class UndecodableException extends IOException {

        private static final long serialVersionUID = 1;

        private final Kind kind;

        /** @param clause follows the name of the host; contains nothing of the body */
        UndecodableException(Kind kind, String clause) {
            super(clause);
            this.kind = kind;
        }

        ExchangeResult.Failure failure(String host) {
            return ExchangeResult.Failure.permanent(kind, host + " " + getMessage());
        }
    }

    private final List<String> encodings;
    private final long bound;
    private final Digest.Algorithm algorithm;
    private final boolean ofError;

    /**
     * The encoding of a response with these headers.
     *
     * @param bound how many bytes of the decoded body are kept; if it is longer, the body is not {@link ResponseBody#whole() whole}
     * @param ofError whether the body describes an error; it is then left as it is if it cannot be decoded
     */
    ContentEncoding(HttpHeaders headers, long bound, Digest.Algorithm algorithm, boolean ofError) {
        this.encodings = encodings(headers);
        this.bound = bound;
        this.algorithm = algorithm;
        this.ofError = ofError;
    }

    static boolean isEncoded(HttpHeaders headers) {
        return !encodings(headers).isEmpty();
    }

    /**
     * The decoded body.
     *
     * @throws EOFException when it ends early
     * @throws UndecodableException when it cannot be used
     */
    ResponseBody decode(ResponseBody body) throws IOException {
        try {
            return decoded(body);
        } catch (EOFException | UndecodableException e) {
            if (ofError) {
                return body;
            }
            throw e;
        }
    }

    private ResponseBody decoded(ResponseBody body) throws EOFException, UndecodableException {
        if (!encodings.equals(GZIP)) {
            throw unsupported();
        }
        try {
            Gzip.Decoded decoded = Gzip.decode(body.bytes(), (int) Math.min(bound, Integer.MAX_VALUE));
            return ResponseBody.of(decoded.bytes(), algorithm, decoded.whole());
        } catch (ZipException e) {
            throw new UndecodableException(Kind.INVALID, "sent a gzip body that is not valid: " + e.getMessage());
        }
    }

    private UndecodableException unsupported() {
        String what =
                encodings.size() > 1 ? encodings.size() + " encodings, one in another" : "an encoding other than gzip";
        return new UndecodableException(
                OF_SOME_RUNTIMES.containsAll(encodings) ? Kind.UNAVAILABLE : Kind.INVALID,
                "sent it compressed with " + what
                        + ", although uncompressed content was requested: switch that off there");
    }

    /** In the order in which they were applied. */
    private static List<String> encodings(HttpHeaders headers) {
        return headers.allValues("Content-Encoding").stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(name -> name.trim().toLowerCase(Locale.ROOT))
                .map(name -> "x-gzip".equals(name) ? "gzip" : name)
                .filter(name -> !name.isEmpty() && !IDENTITY.equals(name))
                .toList();
    }
}
