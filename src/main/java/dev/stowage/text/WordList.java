package dev.stowage.text;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists in words, with a bound. */
public final class WordList {

    private WordList() {}

    /**
     * The first items, and how many more there are: {@code a, b and 3 more}.
     *
     * @param items all items, or at least the first {@code named}
     * @param named how many to name at most
     * @param total how many there are
     */
    public static String of(Collection<?> items, int named, int total) {
        String first = items.stream().limit(named).map(String::valueOf).collect(Collectors.joining(", "));
        int more = total - Math.min(named, items.size());
        if (more <= 0) {
            return first;
        }
        return first.isEmpty() ? more + " more" : first + " and " + more + " more";
    }

    /** The same where the collection is complete. */
    public static String of(Collection<?> items, int named) {
        return of(items, named, items.size());
    }
}
