package dev.stowage.registry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All that is done for one call: when it is due, and what to break off when it is over or nobody wants it any more. */
final class Errand {

    private final Deadline deadline;
    private final Set<Runnable> running = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    Errand(Deadline deadline) {
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }

    boolean isOver() {
        return over || deadline.passed();
    }

    /** Runs {@code abort} when this errand ends, at once if it has ended. */
    void onEnd(Runnable abort) {
        running.add(abort);
        if (over && running.remove(abort)) {
            abort.run();
        }
    }

    /** What {@code abort} would break off has come to its own end. */
    void forget(Runnable abort) {
        running.remove(abort);
    }

    /** Breaks off what is still running. */
    void end() {
        over = true;
        for (Runnable abort : running) {
            if (running.remove(abort)) {
                abort.run();
            }
        }
    }
}
