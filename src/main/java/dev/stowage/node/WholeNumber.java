package dev.stowage.node;

import java.util.OptionalLong;

/** Labels and taints that are compared as numbers. */
final class WholeNumber {

    private static final int MAX_LENGTH = 20;

    private WholeNumber() {}

    /** The 64-bit number that the text is, in decimal digits; nothing when it is none. */
    static OptionalLong in(String text) {
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        if (text.length() == sign || text.length() > MAX_LENGTH) {
            return OptionalLong.empty();
        }
        // most labels are not numbers, and an exception for each node would cost much
        for (int i = sign; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
