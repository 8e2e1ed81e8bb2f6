package dev.stowage.bench.attack;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** How often each thing happened. */
final class Tally {

    private static final int MOST = 6;

    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

    void add(String what) {
        counts.computeIfAbsent(what, first -> new AtomicLong()).incrementAndGet();
    }

    /** The most frequent ones, in words. */
    String inWords() {
        return counts.isEmpty()
                ? "nothing"
                : counts.entrySet().stream()
                        .sorted(Comparator.comparing(entry -> -entry.getValue().get()))
                        .limit(MOST)
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }
}
