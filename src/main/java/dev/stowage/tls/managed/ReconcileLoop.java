package dev.stowage.tls.managed;

import dev.stowage.async.DaemonThreads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One thread that checks: when a watch triggers, when something is due, every minute in any case, and every few seconds while a watch
 * does not stand. Triggers that come together are one check, and checks keep a distance, so that a client that undoes the changes cannot cause a flood of
 * requests.
 */
final class ReconcileLoop implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ReconcileLoop.class.getName());
    private static final Duration ANYWAY = Duration.ofMinutes(1);
    private static final Duration DISTANCE = Duration.ofSeconds(1);

    private final Duration every;
    private final Runnable reconcile;
    private final BooleanSupplier due;
    private final List<ObjectWatch<?>> watches = new CopyOnWriteArrayList<>();
    private final Semaphore triggers = new Semaphore(1);
    private final Thread thread = DaemonThreads.create("stowage-certificates", this::run);
    private volatile boolean closed;

    /**
     * @param every the interval of checks while a watch is interrupted
     * @param reconcile the check
     * @param due whether something is to be done now though nothing changed
     */
    ReconcileLoop(Duration every, Runnable reconcile, BooleanSupplier due) {
        this.every = every;
        this.reconcile = reconcile;
        this.due = due;
    }

    /** Starts this watch with the loop, and ends it with it. */
    void listenTo(ObjectWatch<?> watch) {
        watches.add(watch);
    }

    void start() {
        thread.start();
        watches.forEach(ObjectWatch::start);
    }

    /** Triggers a check. */
    void wake() {
        triggers.release();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        watches.forEach(ObjectWatch::close);
        try {
            thread.join(DISTANCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long last = System.nanoTime();
        try {
            while (!closed) {
                boolean triggered = triggers.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS);
                triggers.drainPermits();
                if (triggered || due.getAsBoolean() || !watching() || System.nanoTime() - last > ANYWAY.toNanos()) {
                    trigger();
                    last = System.nanoTime();
                    TimeUnit.MILLISECONDS.sleep(Math.min(every.toMillis(), DISTANCE.toMillis()));
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "stopped");
        }
    }

    private void trigger() {
        try {
            reconcile.run();
        } catch (RuntimeException e) {
            // This thread is the only one that keeps certificates from ending: it continues, whatever happens.
            LOG.log(Level.ERROR, "certificates: a check failed", e);
        }
    }

    /** Calls all of them, since the call is what notices that a watch is open again. */
    private boolean watching() {
        return watches.stream().filter(ObjectWatch::isWatching).count() == watches.size();
    }
}
