package dev.stowage.bench.soak;

import dev.stowage.bench.ApiServerConnection;
import dev.stowage.bench.ApiServerConnection.Answer;
import dev.stowage.bench.Reply;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Sends reviews to the replicas as fast as they answer: so many are under way at each of them, and the next one is sent when one is
 * answered. Needs the same memory all the time.
 */
final class ReviewLoad {

    private static final int UNDER_WAY = 24;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final int EXAMPLES = 20;

    /**
     * What became of the reviews.
     *
     * @param reviews that were answered
     * @param wrong answers that cannot be right
     * @param failed reviews without an answer, or not within the ten seconds that an API server waits
     * @param again reviews that were sent again to the other replica because one had just been killed
     */
    record Counts(long reviews, long wrong, long failed, long again) {}

    private final List<Replica> replicas;
    private final List<PodReview> reviews;
    private final String path;
    private final Consumer<String> problems;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Slot> slots = new ArrayList<>();
    private final Histogram times = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(2), 2);
    private final LongAdder answered = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder again = new LongAdder();
    private final AtomicInteger examples = new AtomicInteger();
    private final Map<String, LongAdder> decisions = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /**
     * @param path where the replicas take reviews
     * @param problems takes the first answers that are wrong and reviews that failed, in words
     */
    ReviewLoad(List<Replica> replicas, List<PodReview> reviews, String path, Consumer<String> problems) {
        this.replicas = replicas;
        this.reviews = reviews;
        this.path = path;
        this.problems = problems;
    }

    void start() {
        for (int i = 0; i < replicas.size() * UNDER_WAY; i++) {
            slots.add(new Slot(i % replicas.size()));
        }
        slots.forEach(Slot::next);
    }

    /** Sends nothing more, and waits for what is under way. */
    void end() throws InterruptedException {
        ended = true;
        for (int i = 0; i < 120 && slots.stream().anyMatch(slot -> slot.sent != 0); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            giveUp();
        }
    }

    /** Gives up what was not answered in time, and sends the next ones instead. */
    void giveUp() {
        long now = System.nanoTime();
        slots.forEach(slot -> slot.giveUp(now));
    }

    Counts counts() {
        return new Counts(answered.sum(), wrong.sum(), failed.sum(), again.sum());
    }

    /** How long answers took, in words. */
    String times() {
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p99 %.0f ms, p99.9 %.0f ms, longest %.0f ms",
                times.getValueAtPercentile(50) / 1e6,
                times.getValueAtPercentile(99) / 1e6,
                times.getValueAtPercentile(99.9) / 1e6,
                times.getMaxValue() / 1e6);
    }

    /** How often there was each decision. */
    Map<String, Long> decisions() {
        Map<String, Long> sums = new TreeMap<>();
        decisions.forEach((decision, count) -> sums.put(decision, count.sum()));
        return sums;
    }

    private void problem(LongAdder counter, String what) {
        counter.increment();
        if (examples.getAndIncrement() < EXAMPLES) {
            problems.accept(what);
        }
    }

    /** A review that is under way, and then the next one. */
    private final class Slot {

        private final int home;
        private volatile long sent;
        private int turn;

        /** @param home the replica that it is sent to while that is there */
        Slot(int home) {
            this.home = home;
        }

        synchronized void next() {
            int now = ++turn;
            if (ended) {
                sent = 0;
                return;
            }
            PodReview review = reviews.get(Math.floorMod(next.getAndIncrement(), reviews.size()));
            sent = System.nanoTime();
            send(review, home, now, sent);
        }

        private void send(PodReview review, int wanted, int now, long began) {
            int chosen = replicas.get(wanted).isUp() ? wanted : (wanted + 1) % replicas.size();
            ApiServerConnection connection = replicas.get(chosen).connection();
            connection.run(() -> connection
                    .exchange(path, review.body())
                    .onComplete(answer -> take(review, chosen, now, began, answer)));
        }

        private synchronized void take(PodReview review, int replica, int now, long began, AsyncResult<Answer> answer) {
            if (turn != now) {
                // it has been given up
                return;
            }
            if (answer.failed() && replicas.get(replica).mayBreak()) {
                again.increment();
                send(review, (replica + 1) % replicas.size(), now, began);
                return;
            }
            if (answer.failed()) {
                problem(failed, "from " + replicas.get(replica).name() + ": " + answer.cause());
            } else if (answer.result().status() != 200) {
                problem(failed, "from " + replicas.get(replica).name() + ": " + answer.result());
            } else {
                long took = System.nanoTime() - began;
                if (took > PATIENCE) {
                    problem(
                            failed,
                            "answered only after more than ten seconds by "
                                    + replicas.get(replica).name());
                }
                answered.increment();
                times.recordValue(took);
                Reply reply = review.read(answer.result());
                decisions
                        .computeIfAbsent(reply.decision(), first -> new LongAdder())
                        .increment();
                Optional<String> objection = review.objection(reply, began);
                objection.ifPresent(
                        what -> problem(wrong, "from " + replicas.get(replica).name() + ": " + what));
            }
            next();
        }

        synchronized void giveUp(long now) {
            long since = sent;
            if (since != 0 && now - since > PATIENCE) {
                problem(
                        failed,
                        "not answered within ten seconds, first sent to "
                                + replicas.get(home).name());
                next();
            }
        }
    }
}
