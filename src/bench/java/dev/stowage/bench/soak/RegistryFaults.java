package dev.stowage.bench.soak;

import dev.stowage.bench.StandInRegistry;
import dev.stowage.soak.Truths;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Random;

/**
 * The faults of one registry: calm for some time, then for some seconds a part of its repositories is answered with errors, late, or not
 * at all. When, which and how follows from the seed alone.
 */
final class RegistryFaults implements StandInRegistry.Faults {

    private enum Fault {
        NONE,
        UNAVAILABLE,
        RATE_LIMITED,
        SLOW,
        RESET
    }

    private static final int GROUPS = 4;
    private static final int LEAST_DELAY_MILLIS = 200;
    private static final int MORE_DELAY_MILLIS = 2_000;

    private final Vertx vertx;
    private final Random random;
    private final Truths<Boolean> faulty = new Truths<>();
    private volatile Fault[] groups = {Fault.NONE, Fault.NONE, Fault.NONE, Fault.NONE};
    private int secondsLeft;
    private boolean calm = true;
    private long episodes;

    RegistryFaults(Vertx vertx, long seed) {
        this.vertx = vertx;
        this.random = new Random(seed);
        this.secondsLeft = 5 + random.nextInt(15);
        faulty.becomes(false);
    }

    /** A second has passed. */
    void tick() {
        if (--secondsLeft > 0) {
            return;
        }
        calm = !calm;
        secondsLeft = calm ? 20 + random.nextInt(40) : 3 + random.nextInt(7);
        Fault[] next = new Fault[GROUPS];
        boolean outage = random.nextInt(4) == 0;
        Fault ofAll = Fault.values()[1 + random.nextInt(GROUPS)];
        for (int i = 0; i < GROUPS; i++) {
            next[i] = calm ? Fault.NONE : outage ? ofAll : Fault.values()[random.nextInt(1 + GROUPS)];
        }
        if (calm) {
            groups = next;
            faulty.becomes(false);
        } else {
            episodes++;
            faulty.becomes(true);
            groups = next;
        }
    }

    /** Whether there were faults at any time since then. */
    boolean anySince(long since) {
        return faulty.anySince(since, now -> now);
    }

    long episodes() {
        return episodes;
    }

    @Override
    public void handle(HttpServerRequest request, String repository, Runnable answer) {
        switch (groups[Math.floorMod(repository.hashCode(), GROUPS)]) {
            case NONE -> answer.run();
            case UNAVAILABLE -> request.response().setStatusCode(503).end();
            case RATE_LIMITED ->
                request.response()
                        .setStatusCode(429)
                        .putHeader("Retry-After", "1")
                        .end();
            case SLOW ->
                vertx.setTimer(
                        LEAST_DELAY_MILLIS + Math.floorMod(repository.hashCode() / GROUPS, MORE_DELAY_MILLIS),
                        timer -> answer.run());
            case RESET -> request.connection().close();
        }
    }
}
