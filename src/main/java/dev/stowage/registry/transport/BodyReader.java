package dev.stowage.registry.transport;

import dev.stowage.image.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    private final Optional<Path> file;
    private long bound;
    private OptionalLong declared = OptionalLong.empty();
    private Flow.Subscription subscription;
    private volatile long received;
    private byte[] bytes = new byte[4096];
    private Optional<FileChannel> target = Optional.empty();
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
     * @param file where the body of a success is written to, as it comes and not decoded; in memory without
     */
    BodyReader(
            long bound,
            Digest.Algorithm algorithm,
            boolean headersOnly,
            LargeBodies largeBodies,
            String owner,
            Optional<Path> file) {
        this.bound = bound;
        this.algorithm = algorithm;
        this.hash = algorithm.newHash();
        this.headersOnly = headersOnly;
        this.largeBodies = largeBodies;
        this.owner = owner;
        this.file = file;
    }

    @Override
    public HttpResponse.BodySubscriber<ResponseBody> apply(HttpResponse.ResponseInfo info) {
        started = true;
        boolean ok = info.statusCode() == 200;
        if (!ok) {
            bound = ERROR_BOUND;
        }
        if (ok && file.isPresent()) {
            open(file.get());
        } else if (!headersOnly && ContentEncoding.isEncoded(info.headers())) {
            encoding = Optional.of(new ContentEncoding(info.headers(), bound, algorithm, !ok));
            bound += ContentEncoding.ROOM;
        }
        if (!headersOnly) {
            declared = declaredLength(info);
        }
        return this;
    }

    private void open(Path path) {
        try {
            target = Optional.of(FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
        } catch (IOException e) {
            body.completeExceptionally(new UnwritableFileException(path, e));
        }
        body.whenComplete((read, error) -> close());
    }

    private void close() {
        try {
            if (target.isPresent()) {
                target.get().close();
            }
        } catch (IOException e) {
            // what was not written is missing, and the digest says so
        }
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
        if (aborted || body.isDone()) {
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
            if (target.isPresent()) {
                if (!write(buffer, room, target.get())) {
                    return;
                }
            } else {
                keep(buffer, room);
            }
            received += room;
            if (buffer.hasRemaining()) {
                stop();
                return;
            }
        }
        if (target.isEmpty() && !large && received > LargeBodies.SMALL) {
            awaitPlace();
        } else {
            subscription.request(1);
        }
    }

    private void keep(ByteBuffer buffer, int room) {
        int at = (int) received;
        if (at + room > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(at + room, 2 * bytes.length));
        }
        buffer.get(bytes, at, room);
        hash.update(bytes, at, room);
    }

    private boolean write(ByteBuffer buffer, int room, FileChannel channel) {
        ByteBuffer part = buffer.slice(buffer.position(), room);
        buffer.position(buffer.position() + room);
        hash.update(part.duplicate());
        try {
            while (part.hasRemaining()) {
                channel.write(part);
            }
            return true;
        } catch (IOException e) {
            subscription.cancel();
            body.completeExceptionally(new UnwritableFileException(file.orElseThrow(), e));
            return false;
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
        int held = target.isPresent() ? 0 : (int) received;
        byte[] all = held == bytes.length ? bytes : Arrays.copyOf(bytes, held);
        return new ResponseBody(
                all, received, new Digest(algorithm, HexFormat.of().formatHex(hash.digest())), whole);
    }
}
