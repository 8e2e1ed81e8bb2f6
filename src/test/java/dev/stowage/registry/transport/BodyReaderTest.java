package dev.stowage.registry.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.image.Digest;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
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
            reader = new BodyReader(BOUND, Digest.Algorithm.SHA256, false, largeBodies, namespace);
            HttpHeaders headers = HttpHeaders.of(
                    contentLength.length == 0 ? Map.of() : Map.of("Content-Length", List.of(contentLength)),
                    (name, value) -> true);
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
    @DisplayName("a body without a length is read to its bound and no further")
    void bound() {
        Sender endless = new Sender("a");
        endless.send(2L * BOUND);

        assertThat(endless.body().whole()).isFalse();
        assertThat(endless.body().bytes()).hasSize(BOUND);
        assertThat(endless.cancelled).isTrue();
    }
}
