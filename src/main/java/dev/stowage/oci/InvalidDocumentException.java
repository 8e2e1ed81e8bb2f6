package dev.stowage.oci;

import java.util.Objects;

/** A document that no node would take. The message is one clause that says why. */
public final class InvalidDocumentException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What kind of document it is instead. */
    public enum Kind {
        /** It cannot be read, or contradicts how it was served. */
        MALFORMED,
        /** It is well-formed, but of a kind that is not an image (Docker schema 1). */
        NOT_AN_IMAGE
    }

    private final Kind kind;

    InvalidDocumentException(Kind kind, String message) {
        super(message);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    static InvalidDocumentException malformed(String message) {
        return new InvalidDocumentException(Kind.MALFORMED, message);
    }

    /** What kind of document it is instead. */
    public Kind kind() {
        return kind;
    }
}
