package dev.stowage.cli.output;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** A line on a terminal that says how far a long run is; short runs and what is not a terminal never see it. */
public final class Progress {

    private static final long PATIENCE_NANOS = 700_000_000L;
    private static final long NANOS = 1_000_000_000L;
    private static final long MINUTE = 60;
    private static final String CLEAR = "\u001b[K";

    private final Terminal terminal;
    private final LongSupplier nanoTime;
    private final int total;
    private final long begin;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicBoolean shown = new AtomicBoolean();

    /**
     * @param terminal the terminal that shows it
     * @param nanoTime the clock, as {@link System#nanoTime()} counts
     */
    public Progress(Terminal terminal, LongSupplier nanoTime) {
        this(terminal, nanoTime, 0);
    }

    /**
     * The same for a number of images that is known, with an estimate of the time that is left.
     *
     * @param total the number of images
     */
    public Progress(Terminal terminal, LongSupplier nanoTime, int total) {
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.total = total;
        this.begin = nanoTime.getAsLong();
    }

    /** One more image is known. */
    public void step() {
        int images = done.incrementAndGet();
        long taken = nanoTime.getAsLong() - begin;
        print("\rchecked " + images + (total > 0 ? of(images, taken) : " images …"));
    }

    /** What is being done now, instead of what was said before. */
    public void show(String text) {
        print("\r" + CLEAR + text + " …");
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

    /** What was done says how long the rest takes; the line is cleared behind it, because it becomes shorter. */
    private String of(int images, long taken) {
        long seconds = taken / images * Math.max(0, total - images) / NANOS;
        String left = seconds < MINUTE ? Math.max(1, seconds) + " s" : seconds / MINUTE + " min";
        return " of " + total + " images, about " + left + " left …" + CLEAR;
    }

    /** Takes the line away. */
    public void end() {
        if (shown.get()) {
            synchronized (this) {
                terminal.err().print("\r" + CLEAR);
                terminal.err().flush();
            }
        }
    }
}
