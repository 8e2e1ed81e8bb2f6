package dev.stowage.image;

/** A text that is not an image reference. Its message names the text, escaped and shortened, and what is wrong with it. */
public final class InvalidReferenceException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String shownText;
    private final String reason;

    InvalidReferenceException(String text, String reason) {
        super("invalid image reference \"" + Printable.of(text) + "\": " + reason);
        this.shownText = Printable.of(text);
        this.reason = reason;
    }

    /** The text that was to be a reference, safe to print. */
    public String shownText() {
        return shownText;
    }

    /** What is wrong with it, in one clause. */
    public String reason() {
        return reason;
    }
}
