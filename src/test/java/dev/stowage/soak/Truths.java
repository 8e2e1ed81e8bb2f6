package dev.stowage.soak;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What is true of something, and since when, as far as a soak has to know: whatever was true within a window of time.
 *
 * @param <T> what can be true
 */
public final class Truths<T> {

    private static final int MOST = 100;

    private record Truth<T>(long since, T value) {}

    private final List<Truth<T>> truths = new CopyOnWriteArrayList<>();

    /** From now on this is true; to be said before it is, so that no answer is ahead of the truth. */
    public void becomes(T value) {
        truths.add(new Truth<>(System.nanoTime(), value));
        if (truths.size() > MOST) {
            truths.remove(0);
        }
    }

    /** Whether anything like this was true at any time since then, in nanoseconds. */
    public boolean anySince(long since, Predicate<T> test) {
        // another thread adds and removes some
        List<Truth<T>> seen = List.copyOf(truths);
        for (int i = 0; i < seen.size(); i++) {
            boolean ended = i + 1 < seen.size() && seen.get(i + 1).since() - since < 0;
            if (!ended && test.test(seen.get(i).value())) {
                return true;
            }
        }
        return false;
    }

    /** Whether anything like this was true within so many seconds. */
    public boolean anyWithin(long seconds, Predicate<T> test) {
        return anySince(System.nanoTime() - TimeUnit.SECONDS.toNanos(seconds), test);
    }

    /** What was true at first. */
    T first() {
        return truths.get(0).value();
    }
}
