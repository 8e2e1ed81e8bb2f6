package dev.stowage.bench;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/** Sends reviews to one webhook over some connections, in a closed loop, an open loop, or all at once. */
final class Loads implements AutoCloseable {

    private final List<Lane> lanes = new ArrayList<>();

    Loads(Vertx vertx, int port, int connections) {
        this(vertx, "127.0.0.1", port, "/validate", connections);
    }

    Loads(Vertx vertx, String host, int port, String path, int connections) {
        for (int i = 0; i < connections; i++) {
            lanes.add(new Lane(new ApiServerConnection(vertx, host, port, path)));
        }
    }

    /** As many as it can take: so many reviews under way on each connection, the next one sent when one is answered. */
    Measured closed(IntFunction<byte[]> reviews, int inFlight, double seconds) {
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        CountDownLatch done = new CountDownLatch(lanes.size() * inFlight);
        for (Lane lane : lanes) {
            lane.begin();
            lane.connection.run(() -> {
                for (int i = 0; i < inFlight; i++) {
                    lane.again(reviews, end, done);
                }
            });
        }
        await(done);
        return result(begin);
    }

    /** The same until so many have been answered. */
    Measured some(IntFunction<byte[]> reviews, int inFlight, int count) {
        AtomicInteger next = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(lanes.size() * inFlight);
        long begin = System.nanoTime();
        for (Lane lane : lanes) {
            lane.begin();
            lane.connection.run(() -> {
                for (int i = 0; i < inFlight; i++) {
                    lane.some(reviews, next, count, done);
                }
            });
        }
        await(done);
        return result(begin);
    }

    /** So many a second, at even intervals, whether or not earlier ones have been answered. */
    Measured open(IntFunction<byte[]> reviews, double rate, double seconds) {
        int count = (int) (rate * seconds);
        lanes.forEach(Lane::begin);
        CountDownLatch done = new CountDownLatch(count);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = begin + (long) (i / rate * 1e9);
            pauseUntil(due);
            Lane lane = lanes.get(i % lanes.size());
            int number = i;
            lane.connection.run(() -> lane.send(reviews.apply(number), due, done::countDown));
        }
        await(done);
        return result(begin);
    }

    /** All at once. */
    Measured burst(IntFunction<byte[]> reviews, int count) {
        lanes.forEach(Lane::begin);
        CountDownLatch done = new CountDownLatch(count);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Lane lane = lanes.get(i % lanes.size());
            int number = i;
            lane.connection.run(() -> lane.send(reviews.apply(number), begin, done::countDown));
        }
        await(done);
        return result(begin);
    }

    private Measured result(long begin) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        Histogram times = Measured.histogram();
        Histogram lateness = Measured.histogram();
        long errors = 0;
        String error = "";
        for (Lane lane : lanes) {
            times.add(lane.times);
            lateness.add(lane.lateness);
            errors += lane.errors;
            error = lane.errors > 0 ? lane.firstError : error;
        }
        return new Measured(times, lateness, seconds, errors, error).orThrow();
    }

    /** The last stretch is waited for without sleeping, because sleeping is not exact to a tenth of a millisecond. */
    private static void pauseUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (left > 100_000) {
                LockSupport.parkNanos(left - 80_000);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static void await(CountDownLatch done) {
        try {
            if (!done.await(15, TimeUnit.MINUTES)) {
                throw new IllegalStateException(done.getCount() + " reviews were never answered");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        lanes.forEach(lane -> Waiting.on(lane.connection.close()));
    }

    /** One connection and what it met; touched by its event loop only, while a load runs. */
    private static final class Lane {

        private final ApiServerConnection connection;
        private Histogram times = Measured.histogram();
        private Histogram lateness = Measured.histogram();
        private long errors;
        private String firstError = "";
        private int sent;

        Lane(ApiServerConnection connection) {
            this.connection = connection;
        }

        void begin() {
            times = Measured.histogram();
            lateness = Measured.histogram();
            errors = 0;
        }

        void again(IntFunction<byte[]> reviews, long end, CountDownLatch done) {
            long now = System.nanoTime();
            if (now >= end || errors > 0) {
                done.countDown();
                return;
            }
            send(reviews.apply(sent++), now, () -> again(reviews, end, done));
        }

        void some(IntFunction<byte[]> reviews, AtomicInteger next, int count, CountDownLatch done) {
            int number = next.getAndIncrement();
            if (number >= count || errors > 0) {
                done.countDown();
                return;
            }
            send(reviews.apply(number), System.nanoTime(), () -> some(reviews, next, count, done));
        }

        void send(byte[] review, long due, Runnable answered) {
            lateness.recordValue(Math.max(0, System.nanoTime() - due));
            connection.send(review).onComplete(answer -> {
                times.recordValue(Math.max(0, System.nanoTime() - due));
                if (answer.failed() && errors++ == 0) {
                    firstError = String.valueOf(answer.cause());
                }
                answered.run();
            });
        }
    }
}
