package dev.stowage.node;

import java.util.OptionalLong;

/** Parses labels and taints that are compared as numbers. */
final class WholeNumber {

    private static final int MAX_LENGTH = 20;

    private WholeNumber() {}

    /** The text as a 64-bit decimal integer; empty if it is not one. */
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
