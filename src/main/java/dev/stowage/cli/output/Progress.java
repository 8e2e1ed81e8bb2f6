package dev.stowage.cli.output;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** A line on a terminal that says how far a long run is; short runs and what is not a terminal never see it. */
public final class Progress {

    private static final long PATIENCE_NANOS = 700_000_000L;

    private final Terminal terminal;
    private final LongSupplier nanoTime;
    private final long begin;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicBoolean shown = new AtomicBoolean();

    /**
     * @param terminal the terminal that shows it
     * @param nanoTime the clock, as {@link System#nanoTime()} counts
     */
    public Progress(Terminal terminal, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** One more image is known. */
    public void step() {
        print("\rchecked " + done.incrementAndGet() + " images …");
    }

    /** What is being done now, instead of what was said before. */
    public void show(String text) {
        print("\r\u001b[K" + text + " …");
    }

    private void print(String text) {
        if (terminal.showsProgress() && nanoTime.getAsLong() - begin > PATIENCE_NANOS) {
            shown.set(true);
            synchronized (this) {
                terminal.err().print(text);
                terminal.err().flush();
            }
        }
    }

    /** Takes the line away. */
    public void end() {
        if (shown.get()) {
            synchronized (this) {
                terminal.err().print("\r\u001b[K");
                terminal.err().flush();
            }
        }
    }
}
