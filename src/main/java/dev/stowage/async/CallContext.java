package dev.stowage.async;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One call: its deadline, its owner, and the work to cancel when it ends or is cancelled. */
public final class CallContext {

    private final Deadline deadline;
    private final String owner;
    private final Set<Runnable> running = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** A call that has no owner. */
    public CallContext(Deadline deadline) {
        this(deadline, "");
    }

    /** @param owner whose share of a {@link FairQueue} it uses */
    public CallContext(Deadline deadline, String owner) {
        this.deadline = deadline;
        this.owner = owner;
    }

    public String owner() {
        return owner;
    }

    public Deadline deadline() {
        return deadline;
    }

    public boolean isEnded() {
        return ended || deadline.passed();
    }

    /** Runs {@code abort} when this call ends; at once if it has ended. */
    public void onEnd(Runnable abort) {
        running.add(abort);
        if (ended && running.remove(abort)) {
            abort.run();
        }
    }

    /** Forgets {@code abort}, because its work is complete. */
    public void forget(Runnable abort) {
        running.remove(abort);
    }

    /** Cancels the work that is still running. */
    public void end() {
        ended = true;
        for (Runnable abort : running) {
            if (running.remove(abort)) {
                abort.run();
            }
        }
    }
}
