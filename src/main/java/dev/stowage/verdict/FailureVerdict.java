package dev.stowage.verdict;

import dev.stowage.registry.RegistryFailure;
import dev.stowage.resolve.Selection;

/** The verdict if a part of an image cannot be read. */
final class FailureVerdict {

    private FailureVerdict() {}

    static Verdict of(Selection.Unreadable unreadable) {
        RegistryFailure failure = unreadable.failure();
        String what =
                unreadable.part().map(part -> "its " + part.label() + ": ").orElse("");
        String message = what + failure.reason();
        Reason reason = reason(failure.kind(), unreadable.part().isPresent());
        return failure.kind().undetermined()
                ? new Verdict.Undetermined(reason, message)
                : new Verdict.DoesNotRun(reason, message);
    }

    private static Reason reason(RegistryFailure.Kind kind, boolean part) {
        return switch (kind) {
            case NOT_FOUND -> part ? Reason.CONTENT_MISSING : Reason.NOT_FOUND;
            case UNAUTHORIZED -> Reason.UNAUTHORIZED;
            case FORBIDDEN -> Reason.FORBIDDEN;
            case RATE_LIMITED -> Reason.RATE_LIMITED;
            case UNAVAILABLE -> Reason.UNAVAILABLE;
            case TIMEOUT -> Reason.TIMEOUT;
            case INVALID -> Reason.INVALID;
            case TOO_LARGE -> Reason.TOO_LARGE;
            case NOT_AN_IMAGE -> Reason.NOT_AN_IMAGE;
            case REFUSED -> Reason.REFUSED;
        };
    }
}
