package dev.stowage.async;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All that is done for one call: when it is due, and what to break off when it is over or nobody wants it any more. */
public final class CallContext {

    private final Deadline deadline;
    private final Set<Runnable> running = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    public CallContext(Deadline deadline) {
        this.deadline = deadline;
    }

    public Deadline deadline() {
        return deadline;
    }

    public boolean isEnded() {
        return ended || deadline.passed();
    }

    /** Runs {@code abort} when this errand ends, at once if it has ended. */
    public void onEnd(Runnable abort) {
        running.add(abort);
        if (ended && running.remove(abort)) {
            abort.run();
        }
    }

    /** What {@code abort} would break off has come to its own end. */
    public void forget(Runnable abort) {
        running.remove(abort);
    }

    /** Breaks off what is still running. */
    public void end() {
        ended = true;
        for (Runnable abort : running) {
            if (running.remove(abort)) {
                abort.run();
            }
        }
    }
}
