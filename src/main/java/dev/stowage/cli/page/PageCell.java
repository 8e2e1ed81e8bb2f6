package dev.stowage.cli.page;

import java.util.Objects;

/**
 * The verdict of an image on one platform.
 *
 * @param verdict the verdict
 * @param reason the reason in one word, such as {@code PlatformMissing}; may be empty
 * @param message the reason as a sentence; may be empty
 */
public record PageCell(PageVerdict verdict, String reason, String message) {

    public PageCell {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
    }
}
