package dev.stowage.report.write;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of a status that the API server took and did not keep, because the CRD that is installed is older than this Stowage
 * and does not know them. Statuses are compared as maps, lists and values.
 */
final class PrunedFields {

    private PrunedFields() {}

    /** The paths that are in the one and not in the other, for example {@code status.platforms.verdict}; sorted. */
    static Set<String> of(Map<?, ?> sent, Map<?, ?> kept) {
        Set<String> pruned = new TreeSet<>();
        compare("status", sent, kept, pruned);
        return pruned;
    }

    private static void compare(String path, Object sent, Object kept, Set<String> pruned) {
        if (kept == null) {
            pruned.add(path);
        } else if (sent instanceof Map<?, ?> fields && kept instanceof Map<?, ?> others) {
            fields.forEach((name, value) -> compare(path + "." + name, value, others.get(name), pruned));
        } else if (sent instanceof Collection<?> items && kept instanceof Collection<?> others) {
            Iterator<?> other = others.iterator();
            for (Object item : items) {
                if (other.hasNext()) {
                    compare(path, item, other.next(), pruned);
                }
            }
        }
    }
}
