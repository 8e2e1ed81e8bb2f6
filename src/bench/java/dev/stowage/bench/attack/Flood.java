package dev.stowage.bench.attack;

import dev.stowage.bench.ApiServerConnection;
import dev.stowage.bench.Reply;
import dev.stowage.bench.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** Hostile reviews in a closed loop: so many in progress at any time, the next one when one is answered. */
final class Flood implements AutoCloseable {

    private static final long AFTER_FAILURE_MILLIS = 50;
    private static final int REVIEWS_PER_CONNECTION = 8;

    /**
     * One hostile request.
     *
     * @param path where it goes
     * @param body what it carries
     * @param uid the uid that the answer must repeat; empty if anything may come
     * @param decision the decision that is right; empty if any is
     */
    record Shot(String path, Buffer body, String uid, String decision) {

        /** A request to which any answer will do. */
        static Shot at(String path, Buffer body) {
            return new Shot(path, body, "", "");
        }
    }

    private final Vertx vertx;
    private final IntFunction<Shot> shots;
    private final Tally tally;
    private final AtomicLong wrong;
    private final List<ApiServerConnection> connections = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean ended;

    private Flood(Vertx vertx, IntFunction<Shot> shots, Tally tally, AtomicLong wrong) {
        this.vertx = vertx;
        this.shots = shots;
        this.tally = tally;
        this.wrong = wrong;
    }

    /** Begins; so many requests are in progress until it is closed. */
    static Flood begin(Setting setting, int inProgress, IntFunction<Shot> shots) {
        Flood flood = new Flood(setting.vertx(), shots, setting.answers(), setting.wrong());
        for (int i = 0; i < inProgress; i++) {
            if (i % REVIEWS_PER_CONNECTION == 0) {
                flood.connections.add(new ApiServerConnection(setting.vertx(), setting.port()));
            }
            ApiServerConnection connection = flood.connections.get(flood.connections.size() - 1);
            connection.run(() -> flood.shoot(connection));
        }
        return flood;
    }

    private void shoot(ApiServerConnection connection) {
        if (ended) {
            return;
        }
        Shot shot = shots.apply(next.getAndIncrement());
        connection.exchange(shot.path(), shot.body()).onComplete(answer -> {
            if (ended) {
                return;
            }
            if (answer.failed()) {
                tally.add("failed (" + answer.cause().getClass().getSimpleName() + ")");
                vertx.setTimer(AFTER_FAILURE_MILLIS, timer -> connection.run(() -> shoot(connection)));
                return;
            }
            Reply reply = Reply.of(answer.result());
            tally.add(reply.decision());
            boolean uid = shot.uid().isEmpty() || shot.uid().equals(reply.uid());
            boolean decision = shot.decision().isEmpty() || shot.decision().equals(reply.decision());
            if (!uid || !decision) {
                wrong.incrementAndGet();
                tally.add("wrong: " + reply.decision() + " " + reply.message());
            }
            shoot(connection);
        });
    }

    @Override
    public void close() {
        ended = true;
        connections.forEach(connection -> Waiting.on(connection.close()));
    }
}
