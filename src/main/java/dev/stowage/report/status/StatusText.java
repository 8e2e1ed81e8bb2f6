package dev.stowage.report.status;

import dev.stowage.text.WordList;
import java.util.List;

/** Lists and texts, bounded to what the CRD allows. */
public final class StatusText {

    /** Ends a truncated text. */
    public static final String ELLIPSIS = "…";

    private static final int MAX_LISTED = 4;

    private StatusText() {}

    /** {@code linux/amd64, linux/arm64 and 3 more}; null for nothing. */
    static String list(List<String> items, int total) {
        if (items.isEmpty()) {
            return null;
        }
        return WordList.of(items, total <= MAX_LISTED ? total : MAX_LISTED - 1, total);
    }

    /** The text, truncated with an ellipsis if it is longer; null if it is null or empty. */
    public static String bounded(String text, int length) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        return text.length() <= length ? text : text.substring(0, length - 1) + ELLIPSIS;
    }

    public static <T> List<T> first(List<T> items, int most) {
        return items.size() <= most ? items : items.subList(0, most);
    }
}
