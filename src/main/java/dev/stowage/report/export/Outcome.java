package dev.stowage.report.export;

import java.util.Locale;
import java.util.Optional;

/** The outcome of a result; those that come first are kept if there are too many. */
enum Outcome {
    /** The image does not run there. */
    FAIL("high"),
    /** It could not be determined. */
    ERROR("medium"),
    /** The image runs with a warning, or does not run although it needs to run elsewhere only. */
    WARN("medium"),
    /** The image is not checked for this workload. */
    SKIP(null),
    /** The image runs there. */
    PASS(null);

    private final String severity;

    Outcome(String severity) {
        this.severity = severity;
    }

    /** The word of the API. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** None for what needs no attention. */
    Optional<String> severity() {
        return Optional.ofNullable(severity);
    }
}
