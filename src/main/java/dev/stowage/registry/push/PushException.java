package dev.stowage.registry.push;

import java.io.Serial;

/** A step of a push failed for good; the message says which, why, and the fix. */
public final class PushException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final boolean unanswered;

    PushException(String message, boolean unanswered) {
        super(message);
        this.unanswered = unanswered;
    }

    /** Whether the registry did not say what it did, so that the step may have been done. */
    public boolean isUnanswered() {
        return unanswered;
    }
}
