package dev.stowage.image;

/** Foreign text made safe for logs, messages and terminals: control and non-ASCII characters escaped, length bounded. */
public final class Printable {

    private static final int MAX_LENGTH = 160;

    private Printable() {}

    /**
     * The text with every character outside printable ASCII written as {@code \\uXXXX}, cut after 160 characters.
     *
     * @param text any text, not null
     */
    public static String of(String text) {
        if (text.length() <= MAX_LENGTH && isPrintable(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MAX_LENGTH) + 16);
        int read = 0;
        while (read < text.length() && shown.length() < MAX_LENGTH) {
            char c = text.charAt(read++);
            if (isPrintable(c)) {
                shown.append(c);
            } else {
                shown.append(String.format("\\u%04x", (int) c));
            }
        }
        if (read < text.length()) {
            shown.append("… (").append(text.length()).append(" characters)");
        }
        return shown.toString();
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPrintable(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(char c) {
        return c >= ' ' && c < 0x7f;
    }
}
