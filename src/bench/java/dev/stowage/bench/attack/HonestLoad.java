package dev.stowage.bench.attack;

import dev.stowage.bench.ApiServerConnection;
import dev.stowage.bench.MadeReview;
import dev.stowage.bench.Reply;
import dev.stowage.bench.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Reviews of honest tenants at a fixed rate, whether or not earlier ones have been answered. Half of the images run on every node and
 * half on amd64 only; one of ten is new to Stowage.
 */
final class HonestLoad implements AutoCloseable {

    static final int NAMESPACES = 16;

    private static final double RATE = 400;
    private static final int CONNECTIONS = 2;
    private static final int KNOWN_IMAGES = 64;
    private static final long API_SERVER_WAITS = TimeUnit.SECONDS.toNanos(10);

    private final List<ApiServerConnection> connections = new ArrayList<>();
    private final String path;
    private final String registry;
    private final String template;
    private final AtomicInteger fresh;

    /**
     * To this port and path.
     *
     * @param registry where the images are
     * @param fresh numbers new images
     */
    HonestLoad(Vertx vertx, int port, String path, String registry, AtomicInteger fresh) {
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(new ApiServerConnection(vertx, port));
        }
        this.path = path;
        this.registry = registry;
        this.fresh = fresh;
        this.template =
                new String(MadeReview.unowned(List.of("IMAGE"), "NAMESPACE", "UID", Map.of()), StandardCharsets.UTF_8);
    }

    /**
     * What came of it.
     *
     * @param times in nanoseconds, from the moment at which a review was due
     * @param lateness how late reviews were sent, in nanoseconds: the fault of this program and of the machine
     * @param wrong answers that decide otherwise than the image and the nodes demand
     * @param failed reviews that were not answered, or not within the ten seconds that an API server waits
     * @param example one of the wrong or failed ones
     */
    record Result(Histogram times, Histogram lateness, long wrong, long failed, String example) {

        double millis(double percentile) {
            return times.getValueAtPercentile(percentile) / 1e6;
        }

        double lateMillis(double percentile) {
            return lateness.getValueAtPercentile(percentile) / 1e6;
        }
    }

    Result run(double seconds) throws InterruptedException {
        int count = (int) (RATE * seconds);
        Run run = new Run(count);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = begin + (long) (i / RATE * 1e9);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            int number = i;
            ApiServerConnection connection = connections.get(i % CONNECTIONS);
            connection.run(() -> run.send(connection, number, due));
        }
        return run.result();
    }

    @Override
    public void close() {
        connections.forEach(connection -> Waiting.on(connection.close()));
    }

    /** One stretch of it. */
    private final class Run {

        private final Histogram times = new ConcurrentHistogram(120_000_000_000L, 3);
        private final Histogram lateness = new ConcurrentHistogram(120_000_000_000L, 3);
        private final AtomicLong wrong = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final CountDownLatch unanswered;
        private volatile String example = "";

        Run(int count) {
            unanswered = new CountDownLatch(count);
        }

        void send(ApiServerConnection connection, int number, long due) {
            lateness.recordValue(Math.max(0, System.nanoTime() - due));
            boolean runs = number / CONNECTIONS % 2 == 0;
            String repository = (runs ? "e4/" : "single/")
                    + (isNew(number) ? "new-" + fresh.incrementAndGet() : "known-" + number % KNOWN_IMAGES);
            String image = registry + "/" + repository + ":1";
            String uid = "honest-" + number;
            String review = template.replace("IMAGE", image)
                    .replace("NAMESPACE", "honest-" + number % NAMESPACES)
                    .replace("UID", uid);
            connection
                    .exchange(path, Buffer.buffer(review.getBytes(StandardCharsets.UTF_8)))
                    .onComplete(answer -> {
                        long took = Math.max(0, System.nanoTime() - due);
                        times.recordValue(took);
                        if (answer.failed() || took > API_SERVER_WAITS) {
                            count(failed, answer.failed() ? String.valueOf(answer.cause()) : "after " + took + " ns");
                        } else {
                            check(Reply.of(answer.result()), uid, image, runs);
                        }
                        unanswered.countDown();
                    });
        }

        /** Two of 20, one of each half. */
        private boolean isNew(int number) {
            return number % 20 == 0 || number % 20 == 7;
        }

        private void check(Reply reply, String uid, String image, boolean runs) {
            boolean right = runs
                    ? reply.decision().equals(Reply.ADMITTED)
                    : reply.decision().equals(Reply.DENIED)
                            && reply.message().contains(image)
                            && reply.message().contains("arm64");
            if (!right || !reply.uid().equals(uid)) {
                count(
                        wrong,
                        image + " of " + uid + " " + reply.decision() + " (" + reply.uid() + "): " + reply.message());
            }
        }

        private void count(AtomicLong counter, String what) {
            if (counter.getAndIncrement() == 0) {
                example = what;
            }
        }

        Result result() throws InterruptedException {
            if (!unanswered.await(30, TimeUnit.SECONDS)) {
                failed.addAndGet(unanswered.getCount());
                example = unanswered.getCount() + " never answered";
            }
            return new Result(times, lateness, wrong.get(), failed.get(), example);
        }
    }
}
