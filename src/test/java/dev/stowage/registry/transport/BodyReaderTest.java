package dev.stowage.registry.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.image.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Flow;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Bodies that arrive at once: beyond their first bytes, a few are read at a time. */
class BodyReaderTest {

    private static final int BOUND = 4_000_000;

    private final LargeBodies largeBodies = new LargeBodies();

    /** A response that sends when it is asked for more. */
    private final class Sender implements Flow.Subscription {

        private final BodyReader reader;
        private long wanted;
        private long sent;
        private boolean cancelled;

        Sender(String namespace, String... contentLength) {
            this(namespace, contentLength.length == 0 ? Map.of() : Map.of("Content-Length", List.of(contentLength)));
        }

        Sender(String namespace, Map<String, List<String>> fields) {
            reader = new BodyReader(BOUND, Digest.Algorithm.SHA256, false, largeBodies, namespace, Optional.empty());
            HttpHeaders headers = HttpHeaders.of(fields, (name, value) -> true);
            reader.apply(new HttpResponse.ResponseInfo() {
                @Override
                public int statusCode() {
                    return 200;
                }

                @Override
                public HttpHeaders headers() {
                    return headers;
                }

                @Override
                public HttpClient.Version version() {
                    return HttpClient.Version.HTTP_1_1;
                }
            });
            reader.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            wanted += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        /** Sends as long as more is wanted, up to this many bytes in all. */
        void send(long total) {
            while (wanted > 0 && sent < total && !cancelled) {
                wanted--;
                int part = (int) Math.min(16_384, total - sent);
                sent += part;
                reader.onNext(List.of(ByteBuffer.wrap(new byte[part])));
            }
        }

        void sendAll(long total) {
            send(total);
            if (sent == total && !cancelled) {
                reader.onComplete();
            }
        }

        /** Sends exactly this, and that it is all. */
        void sendContent(byte[] content) {
            reader.onNext(List.of(ByteBuffer.wrap(content)));
            reader.onComplete();
        }

        boolean isDone() {
            return reader.getBody().toCompletableFuture().isDone();
        }

        ResponseBody body() {
            return reader.getBody().toCompletableFuture().join();
        }
    }

    @Test
    @DisplayName("of many large bodies, two of a namespace and four of all are read at a time")
    void largeBodies() {
        List<Sender> noisy = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            noisy.add(new Sender("noisy"));
            noisy.get(i).send(200_000);
        }
        assertThat(noisy.stream().filter(sender -> sender.sent == 200_000)).hasSize(2);

        List<Sender> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(new Sender("n" + i));
            others.get(i).send(200_000);
        }
        assertThat(others.stream().filter(sender -> sender.sent == 200_000)).hasSize(2);
        assertThat(others.stream().mapToLong(sender -> sender.sent).sum()).isLessThan(20 * 150_000 + 2 * 50_000);
    }

    @Test
    @DisplayName("small bodies do not wait for large ones")
    void small() {
        for (int i = 0; i < 20; i++) {
            new Sender("slow" + i).send(150_000);
        }
        Sender small = new Sender("quiet");
        small.sendAll(100_000);

        assertThat(small.body().bytes()).hasSize(100_000);
    }

    @Test
    @DisplayName("a body that is given up makes room for the next")
    void abandoned() {
        List<Sender> stalled = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stalled.add(new Sender("slow" + i));
            stalled.get(i).send(150_000);
        }
        Sender next = new Sender("quiet", "3000000");
        next.send(3_000_000);
        assertThat(next.sent).isLessThan(200_000);

        stalled.get(0).reader.abort();
        next.sendAll(3_000_000);

        assertThat(next.body().bytes()).hasSize(3_000_000);
        assertThat(next.body().whole()).isTrue();
    }

    @Test
    @DisplayName("short gzip bodies may be large ones: decoded a few at a time, and never beyond the bound")
    void encoded() throws IOException {
        byte[] bomb = gzip(new byte[10 * BOUND]);
        assertThat(bomb).hasSizeLessThan(LargeBodies.SMALL);
        List<Sender> stalled = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stalled.add(new Sender("slow" + i));
            stalled.get(i).send(150_000);
        }
        Sender next = new Sender("quiet", Map.of("Content-Encoding", List.of("gzip")));
        next.sendContent(bomb);
        assertThat(next.isDone()).isFalse();

        stalled.get(0).reader.abort();

        assertThat(next.body().whole()).isFalse();
        assertThat(next.body().bytes()).hasSize(BOUND);
    }

    @Test
    @DisplayName("a large gzip body is decoded while it has its place, and what waits for one is given up with it")
    void encodedLarge() throws IOException {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        Map<String, List<String>> gzip = Map.of("Content-Encoding", List.of("gzip"));
        List<Sender> senders = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            senders.add(new Sender("n" + i, gzip));
            senders.get(i).sendContent(gzip(noise));
        }
        assertThat(senders.get(4).isDone())
                .as("the first four have ended, and left their places")
                .isTrue();

        for (int i = 0; i < 4; i++) {
            new Sender("slow" + i).send(150_000);
        }
        Sender given = new Sender("quiet", gzip);
        given.sendContent(gzip("{}".getBytes()));
        assertThat(given.isDone()).isFalse();
        given.reader.abort();
        assertThat(given.reader.getBody().toCompletableFuture()).isCancelled();
    }

    @Test
    @DisplayName("a large gzip body that ends while it waits for a place is decoded when it has one")
    void encodedWhileWaiting() throws IOException {
        byte[] noise = new byte[LargeBodies.SMALL + 100];
        new Random(1).nextBytes(noise);
        List<Sender> stalled = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stalled.add(new Sender("slow" + i));
            stalled.get(i).send(150_000);
        }
        Sender next = new Sender("quiet", Map.of("Content-Encoding", List.of("gzip")));
        next.sendContent(gzip(noise));
        assertThat(next.isDone()).isFalse();

        stalled.get(0).reader.abort();

        assertThat(next.body().bytes()).isEqualTo(noise);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(content);
        }
        return compressed.toByteArray();
    }

    @Test
    @DisplayName("a body without a length is read to its bound and no further")
    void bound() {
        Sender endless = new Sender("a");
        endless.send(2L * BOUND);

        assertThat(endless.body().whole()).isFalse();
        assertThat(endless.body().bytes()).hasSize(BOUND);
        assertThat(endless.cancelled).isTrue();
    }
}
