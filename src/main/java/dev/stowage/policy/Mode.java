package dev.stowage.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The effect of a denial, by namespace, like the modes of Pod Security. */
public enum Mode {
    /** The workload is denied. */
    ENFORCE("enforce"),
    /** The workload is admitted with warnings. */
    WARN("warn"),
    /** The workload is admitted; the denial is written to the API server's audit log. */
    AUDIT("audit"),
    /** Nothing is checked. */
    OFF("off");

    /** The namespace label that chooses the mode, and the annotation by which pods opt out of it. */
    public static final String LABEL = "stowage.dev/mode";

    private final String value;

    Mode(String value) {
        this.value = value;
    }

    /** The value of the label and of the configuration. */
    public String value() {
        return value;
    }

    /** The mode of this value; empty for any other text. Case matters. */
    public static Optional<Mode> of(String value) {
        return Arrays.stream(values()).filter(mode -> mode.value.equals(value)).findFirst();
    }

    /** The mode that pods choose by this value of their annotation; empty if it is not one that denies nothing. */
    public static Optional<Mode> ofOptOut(String value) {
        return of(value).filter(mode -> mode != ENFORCE);
    }

    /** {@code enforce, warn, audit, off}. */
    public static String allowedValues() {
        return Arrays.stream(values()).map(Mode::value).collect(Collectors.joining(", "));
    }
}
