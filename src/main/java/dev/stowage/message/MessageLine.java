package dev.stowage.message;

import dev.stowage.text.WordList;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One line of a message: nothing that a registry or a manifest contains breaks it, and it has a bound. */
final class MessageLine {

    private MessageLine() {}

    /** The text with control and format characters escaped, so that it stays one line on any terminal. */
    static String safe(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c >= ' ' && c < 0x7f || c == '…') {
                line.appendCodePoint(c);
            } else {
                line.append(String.format("\\u%04x", c));
            }
        });
        return line.toString();
    }

    /** The text in at most so many characters; what is cut is marked. */
    static String cut(String text, int characters) {
        return text.length() <= characters ? text : text.substring(0, characters - 1) + "…";
    }

    /** The path of a field, which users choose. */
    static String place(String path) {
        return cut(safe(path), 100);
    }

    /** {@code a}, {@code a and b}, {@code a, b, c and 4 more}. */
    static String listing(List<String> names, int atMost) {
        if (names.size() > atMost) {
            return WordList.of(names, atMost);
        }
        if (names.size() < 2) {
            return String.join("", names);
        }
        return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1);
    }

    static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
