package dev.stowage.registry.transport;

import dev.stowage.image.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Reads one body: hashes it on the way, stops at its bound, compares it with its declared length, and decodes it. Bodies of errors
 * have a bound of their own and are cut there, since only their beginning is used.
 */
final class BodyReader implements HttpResponse.BodyHandler<ResponseBody>, HttpResponse.BodySubscriber<ResponseBody> {

    /** The most bytes of an error's body that are read. */
    static final int ERROR_BOUND = 64 * 1024;

    private final CompletableFuture<ResponseBody> body = new CompletableFuture<>();
    private final Digest.Algorithm algorithm;
    private final MessageDigest hash;
    private final boolean headersOnly;
    private final LargeBodies largeBodies;
    private final String owner;
    private long bound;
    private OptionalLong declared = OptionalLong.empty();
    private Flow.Subscription subscription;
    private volatile long received;
    private byte[] bytes = new byte[4096];
    private Optional<ContentEncoding> encoding = Optional.empty();
    private Optional<ResponseBody> toDecode = Optional.empty();
    private boolean large;
    private boolean hasPlace;
    private volatile boolean started;
    private volatile boolean aborted;

    /**
     * For one response whose body may have this many bytes.
     *
     * @param owner whose share of {@code largeBodies} is used
     */
    BodyReader(long bound, Digest.Algorithm algorithm, boolean headersOnly, LargeBodies largeBodies, String owner) {
        this.bound = bound;
        this.algorithm = algorithm;
        this.hash = algorithm.newHash();
        this.headersOnly = headersOnly;
        this.largeBodies = largeBodies;
        this.owner = owner;
    }

    @Override
    public HttpResponse.BodySubscriber<ResponseBody> apply(HttpResponse.ResponseInfo info) {
        started = true;
        boolean ok = info.statusCode() == 200;
        if (!ok) {
            bound = ERROR_BOUND;
        }
        if (!headersOnly && ContentEncoding.isEncoded(info.headers())) {
            encoding = Optional.of(new ContentEncoding(info.headers(), bound, algorithm, !ok));
            bound += ContentEncoding.ROOM;
        }
        if (!headersOnly) {
            declared = declaredLength(info);
        }
        return this;
    }

    private static OptionalLong declaredLength(HttpResponse.ResponseInfo info) {
        try {
            return info.headers().firstValueAsLong("Content-Length");
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public CompletionStage<ResponseBody> getBody() {
        return body;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        if (aborted) {
            subscription.cancel();
        } else if (declared.orElse(0) > bound) {
            stop();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        if (body.isDone()) {
            return;
        }
        for (ByteBuffer buffer : buffers) {
            int room = (int) Math.min(buffer.remaining(), bound - received);
            int at = (int) received;
            if (at + room > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(at + room, 2 * bytes.length));
            }
            buffer.get(bytes, at, room);
            hash.update(bytes, at, room);
            received += room;
            if (buffer.hasRemaining()) {
                stop();
                return;
            }
        }
        if (!large && received > LargeBodies.SMALL) {
            awaitPlace();
        } else {
            subscription.request(1);
        }
    }

    private void awaitPlace() {
        large = true;
        largeBodies.await(owner, body, this::resume);
    }

    private synchronized void resume() {
        hasPlace = true;
        if (toDecode.isPresent()) {
            decode();
        } else {
            readTheRest();
        }
    }

    /** All of it at once: doubling, and a copy at the end, would take three times the room. */
    private void readTheRest() {
        int length = (int) Math.min(declared.orElse(bound), bound);
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, length);
        }
        subscription.request(1);
    }

    @Override
    public void onError(Throwable error) {
        body.completeExceptionally(error);
    }

    @Override
    public synchronized void onComplete() {
        if (declared.isPresent() && declared.getAsLong() != received) {
            body.completeExceptionally(new EOFException("fewer bytes than declared"));
        } else if (encoding.isEmpty() || received == 0) {
            body.complete(read(true));
        } else {
            toDecode = Optional.of(read(true));
            if (hasPlace) {
                decode();
            } else if (!large) {
                awaitPlace();
            }
        }
    }

    /** What is decoded may be large, however short it came: it needs a place. */
    private void decode() {
        try {
            body.complete(encoding.orElseThrow().decode(toDecode.orElseThrow()));
        } catch (IOException e) {
            body.completeExceptionally(e);
        }
    }

    /** Discards the rest of the body. */
    synchronized void abort() {
        aborted = true;
        body.cancel(false);
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /** Whether the headers have been received. */
    boolean hasStarted() {
        return started;
    }

    /** The number of bytes received. */
    long received() {
        return received;
    }

    private void stop() {
        subscription.cancel();
        body.complete(read(false));
    }

    private ResponseBody read(boolean whole) {
        byte[] all = received == bytes.length ? bytes : Arrays.copyOf(bytes, (int) received);
        return new ResponseBody(all, new Digest(algorithm, HexFormat.of().formatHex(hash.digest())), whole);
    }
}
