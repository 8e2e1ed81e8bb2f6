package dev.stowage.tls;

/** Text is not the PEM that was expected. The message is one clause that never contains any of the text, which may be a key. */
public final class InvalidPemException extends Exception {

    InvalidPemException(String message) {
        super(message);
    }

    InvalidPemException(String message, Throwable cause) {
        super(message, cause);
    }
}
