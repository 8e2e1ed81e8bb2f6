package dev.stowage.json;

/** A field of a JSON object that has another type than it must have. The message names the field and the type. */
public final class InvalidFieldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidFieldException(String message) {
        super(message);
    }
}
