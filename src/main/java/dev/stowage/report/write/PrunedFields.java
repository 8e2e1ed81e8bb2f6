package dev.stowage.report.write;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of a status that the API server dropped because the installed CRD is older than this Stowage and does not contain them.
 * Statuses are compared as maps, lists and values.
 */
final class PrunedFields {

    private PrunedFields() {}

    /** The paths that were sent and not stored, for example {@code status.platforms.verdict}; sorted. */
    static Set<String> of(Map<?, ?> sent, Map<?, ?> stored) {
        Set<String> pruned = new TreeSet<>();
        compare("status", sent, stored, pruned);
        return pruned;
    }

    private static void compare(String path, Object sent, Object stored, Set<String> pruned) {
        if (stored == null) {
            pruned.add(path);
        } else if (sent instanceof Map<?, ?> fields && stored instanceof Map<?, ?> others) {
            fields.forEach((name, value) -> compare(path + "." + name, value, others.get(name), pruned));
        } else if (sent instanceof Collection<?> items && stored instanceof Collection<?> others) {
            Iterator<?> other = others.iterator();
            for (Object item : items) {
                if (other.hasNext()) {
                    compare(path, item, other.next(), pruned);
                }
            }
        }
    }
}
