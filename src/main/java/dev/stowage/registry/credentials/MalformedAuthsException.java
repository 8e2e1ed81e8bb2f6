package dev.stowage.registry.credentials;

/** Credentials that cannot be read. The message is one clause that goes after "is malformed: " and contains no secret. */
final class MalformedAuthsException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedAuthsException(String message) {
        super(message);
    }
}
