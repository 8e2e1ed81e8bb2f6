package dev.stowage.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is done about an image that cannot run, per namespace, as Pod Security has it. */
public enum Mode {
    /** The workload is refused. */
    ENFORCE("enforce"),
    /** The workload is admitted with warnings. */
    WARN("warn"),
    /** The workload is admitted; the API server's audit log says what was found. */
    AUDIT("audit"),
    /** Nothing is checked. */
    OFF("off");

    /** The namespace label that chooses the mode. */
    public static final String LABEL = "stowage.dev/mode";

    private final String value;

    Mode(String value) {
        this.value = value;
    }

    /** The value of the label and of the configuration. */
    public String value() {
        return value;
    }

    /** The mode of this value; nothing for any other text, in other case too. */
    public static Optional<Mode> of(String value) {
        return Arrays.stream(values()).filter(mode -> mode.value.equals(value)).findFirst();
    }

    /** {@code enforce, warn, audit, off}. */
    public static String allowedValues() {
        return Arrays.stream(values()).map(Mode::value).collect(Collectors.joining(", "));
    }
}
