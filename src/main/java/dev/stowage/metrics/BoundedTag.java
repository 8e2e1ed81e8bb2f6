package dev.stowage.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of a metric's label where others choose them, kept to a bounded number: those seen first keep their names, the rest
 * share one.
 */
public final class BoundedTag {

    /** The value that the rest share. */
    public static final String OTHER = "other";

    private final int bound;
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    /** A label with at most so many values, next to {@link #OTHER}. */
    public BoundedTag(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("a label needs at least one value");
        }
        this.bound = bound;
    }

    /** The label's value for this one; it gets a name of its own as long as there is room. */
    public String admit(String value) {
        // two threads may both see the last place free; then there is one more, which bounds it as well
        if (named.contains(value) || named.size() < bound && named.add(value)) {
            return value;
        }
        return named.contains(value) ? value : OTHER;
    }

    /** The label's value for this one if it has a name already, else {@link #OTHER}. */
    public String known(String value) {
        return named.contains(value) ? value : OTHER;
    }
}
