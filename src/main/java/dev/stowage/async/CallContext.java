package dev.stowage.async;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The deadline of one call, and the tasks to abort when the call ends. */
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

    /** Runs {@code abort} when this call ends, at once if it has ended. */
    public void onEnd(Runnable abort) {
        running.add(abort);
        if (ended && running.remove(abort)) {
            abort.run();
        }
    }

    /** Removes {@code abort}, because its task has ended. */
    public void forget(Runnable abort) {
        running.remove(abort);
    }

    /** Ends the call and aborts its running tasks. */
    public void end() {
        ended = true;
        for (Runnable abort : running) {
            if (running.remove(abort)) {
                abort.run();
            }
        }
    }
}
