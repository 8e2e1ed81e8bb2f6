package dev.stowage.text;

import java.util.Objects;

/**
 * A pattern for whole texts: {@code *} matches any characters, including slashes, and {@code ?} matches one character.
 *
 * @param pattern the pattern
 */
public record Glob(String pattern) {

    public Glob {
        if (Objects.requireNonNull(pattern, "pattern").isBlank()) {
            throw new IllegalArgumentException("an empty pattern matches nothing");
        }
    }

    /** Whether the whole text matches. */
    public boolean matches(String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resumeAt = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resumeAt = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resumeAt;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
