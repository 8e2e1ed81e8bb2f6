package dev.stowage.registry.credentials;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A shell pattern as Go's {@code path/filepath.Match} reads it, which is what the kubelet applies to each part of a host:
 * {@code *}, {@code ?}, classes such as {@code [a-c]} and {@code [^x]}, and {@code \} before a character that is meant as it is.
 */
final class GoGlob {

    /** Matches any number of characters; compared by identity. */
    private static final IntPredicate STAR = c -> true;

    private final List<IntPredicate> elements;

    private GoGlob(List<IntPredicate> elements) {
        this.elements = List.copyOf(elements);
    }

    /** Whether the text contains nothing that is special in a pattern, so that it matches itself only. */
    static boolean isPlain(String text) {
        return text.chars().noneMatch(c -> c == '*' || c == '?' || c == '[' || c == '\\');
    }

    /** Reads a pattern; nothing when it is malformed, and such a pattern matches nothing. */
    static Optional<GoGlob> of(String text) {
        Reader reader = new Reader(text);
        List<IntPredicate> elements = new ArrayList<>();
        while (reader.more()) {
            Optional<IntPredicate> element = reader.element();
            if (element.isEmpty()) {
                return Optional.empty();
            }
            elements.add(element.get());
        }
        return Optional.of(new GoGlob(elements));
    }

    /** Whether the pattern matches all of the text. */
    boolean matches(String text) {
        int[] characters = text.codePoints().toArray();
        int at = 0;
        int element = 0;
        // going back to the last star is enough, and keeps a hostile "*a*a*a*…" from exploding
        int afterStar = -1;
        int takenByStar = 0;
        while (at < characters.length) {
            if (element < elements.size() && elements.get(element) == STAR) {
                afterStar = ++element;
                takenByStar = at;
            } else if (element < elements.size() && elements.get(element).test(characters[at])) {
                element++;
                at++;
            } else if (afterStar >= 0) {
                element = afterStar;
                at = ++takenByStar;
            } else {
                return false;
            }
        }
        while (element < elements.size() && elements.get(element) == STAR) {
            element++;
        }
        return element == elements.size();
    }

    /** Takes a pattern apart, character by character. */
    private static final class Reader {

        private final int[] pattern;
        private int next;

        Reader(String text) {
            pattern = text.codePoints().toArray();
        }

        boolean more() {
            return next < pattern.length;
        }

        Optional<IntPredicate> element() {
            int c = pattern[next++];
            switch (c) {
                case '*':
                    return Optional.of(STAR);
                case '?':
                    return Optional.of(any -> any != '/');
                case '[':
                    return characterClass();
                case '\\':
                    return more() ? Optional.of(exactly(pattern[next++])) : Optional.empty();
                default:
                    return Optional.of(exactly(c));
            }
        }

        private Optional<IntPredicate> characterClass() {
            boolean negated = more() && pattern[next] == '^';
            if (negated) {
                next++;
            }
            IntPredicate inside = c -> false;
            boolean empty = true;
            while (empty || !more() || pattern[next] != ']') {
                int low = classCharacter();
                if (low < 0) {
                    return Optional.empty();
                }
                int high = low;
                if (pattern[next] == '-') {
                    next++;
                    high = classCharacter();
                    if (high < 0) {
                        return Optional.empty();
                    }
                }
                inside = inside.or(between(low, high));
                empty = false;
            }
            next++;
            return Optional.of(negated ? inside.negate() : inside);
        }

        /** One character of a class, which must not be its last; -1 when there is none. */
        private int classCharacter() {
            if (!more() || pattern[next] == '-' || pattern[next] == ']') {
                return -1;
            }
            if (pattern[next] == '\\') {
                next++;
            }
            if (next + 1 >= pattern.length) {
                return -1;
            }
            return pattern[next++];
        }

        private static IntPredicate exactly(int wanted) {
            return c -> c == wanted;
        }

        private static IntPredicate between(int low, int high) {
            return c -> low <= c && c <= high;
        }
    }
}
