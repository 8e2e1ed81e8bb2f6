package dev.stowage.report.status;

import dev.stowage.text.WordList;
import java.util.List;

/** Lists and texts cut to the room that a report has for them. */
public final class StatusText {

    /** Ends what was cut. */
    public static final String ELLIPSIS = "…";

    private static final int NAMED = 4;

    private StatusText() {}

    /** {@code linux/amd64, linux/arm64 and 3 more}; null for nothing. */
    static String list(List<String> items, int total) {
        if (items.isEmpty()) {
            return null;
        }
        return WordList.of(items, total <= NAMED ? total : NAMED - 1, total);
    }

    /** The text, with an ellipsis where it is longer; null stays null, and nothing becomes null. */
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
