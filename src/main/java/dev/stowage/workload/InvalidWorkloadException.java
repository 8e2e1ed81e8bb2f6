package dev.stowage.workload;

/** An object whose pod spec cannot be read. The message names the field and what it should be. */
public final class InvalidWorkloadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidWorkloadException(String message) {
        super(message);
    }
}
