package dev.stowage.workload;

/** An object whose pod spec cannot be read. The message names the field and what it should be. */
public final class InvalidWorkloadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean podSpecMissing;

    InvalidWorkloadException(String message) {
        this(message, false);
    }

    private InvalidWorkloadException(String message, boolean podSpecMissing) {
        super(message);
        this.podSpecMissing = podSpecMissing;
    }

    static InvalidWorkloadException missing(String path) {
        return new InvalidWorkloadException(path + " is missing", true);
    }

    /** Whether there is no pod spec at all, as in a patch of other fields. */
    public boolean podSpecMissing() {
        return podSpecMissing;
    }
}
