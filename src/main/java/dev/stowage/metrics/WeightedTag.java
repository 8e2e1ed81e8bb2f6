package dev.stowage.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The values of a metric's label where others choose them, kept to a bounded number: those with the most events have names of their
 * own, the rest share {@link BoundedTag#OTHER}. While there is room, each value gets a name. After that it takes over the name of one
 * that no longer exists, or of the one with the fewest events once it has clearly more: to make up many values is not enough. Events
 * count half after a day. Not for use by several threads at once.
 */
public final class WeightedTag {

    private static final Duration HALF_LIFE = Duration.ofDays(1);

    /** A name changes hands for more than twice the events and this many. */
    private static final int CLEARLY = 10;

    private final int bound;
    private final Predicate<String> exists;
    private final Consumer<String> dropped;
    private final Clock clock;
    private final Map<String, Long> named = new HashMap<>();

    /** Events of values without a name, as far as they are frequent. */
    private final Map<String, Long> waiting = new HashMap<>();

    private Instant halved;

    /**
     * A label with at most so many values, next to {@link BoundedTag#OTHER}.
     *
     * @param exists whether a value still exists
     * @param dropped is called with each value that loses its name, so that its meters can be removed
     */
    public WeightedTag(int bound, Predicate<String> exists, Consumer<String> dropped, Clock clock) {
        if (bound < 1) {
            throw new IllegalArgumentException("a label needs at least one value");
        }
        this.bound = bound;
        this.exists = Objects.requireNonNull(exists, "exists");
        this.dropped = Objects.requireNonNull(dropped, "dropped");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.halved = clock.instant();
    }

    /** Counts an event of this value, and returns the label's value for it. */
    public String admit(String value) {
        age();
        if (named.computeIfPresent(value, (name, events) -> events + 1) != null) {
            return value;
        }
        if (value.isEmpty() || value.equals(BoundedTag.OTHER)) {
            return BoundedTag.OTHER;
        }
        long events = waiting.getOrDefault(value, 0L) + 1;
        if (named.size() < bound || makeRoom(events)) {
            waiting.remove(value);
            named.put(value, events);
            return value;
        }
        remember(value, events);
        return BoundedTag.OTHER;
    }

    private boolean makeRoom(long events) {
        Optional<String> gone = named.keySet().stream().filter(exists.negate()).findFirst();
        if (gone.isPresent()) {
            drop(gone.get());
            return true;
        }
        Map.Entry<String, Long> lightest = Collections.min(named.entrySet(), Map.Entry.comparingByValue());
        if (events <= 2 * lightest.getValue() + CLEARLY) {
            return false;
        }
        remember(lightest.getKey(), lightest.getValue());
        drop(lightest.getKey());
        return true;
    }

    private void drop(String name) {
        named.remove(name);
        dropped.accept(name);
    }

    /** Where there is no room, every other value loses an event: what remains is what is more frequent than one in so many. */
    private void remember(String value, long events) {
        if (waiting.containsKey(value) || waiting.size() < bound) {
            waiting.put(value, events);
        } else {
            waiting.replaceAll((other, count) -> count - 1);
            waiting.values().removeIf(count -> count <= 0);
        }
    }

    private void age() {
        Instant now = clock.instant();
        while (!now.isBefore(halved.plus(HALF_LIFE))) {
            halved = halved.plus(HALF_LIFE);
            named.replaceAll((value, events) -> events / 2);
            waiting.replaceAll((value, events) -> events / 2);
            waiting.values().removeIf(events -> events == 0);
        }
    }
}
