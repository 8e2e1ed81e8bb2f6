package dev.stowage.steering;

import dev.stowage.workload.WorkloadReader;
import java.util.List;
import java.util.Optional;

/** In which namespaces pods are steered. */
public enum SteeringMode {
    /** In none; the label has no effect. */
    OFF,
    /** In those whose label says {@code required}. */
    LABELED,
    /** In all but those whose label says {@code off}. */
    REQUIRED;

    /** The namespace label. */
    public static final String LABEL = WorkloadReader.STEERING_LABEL;

    private static final String ON_VALUE = "required";
    private static final String OFF_VALUE = "off";

    /** Whether pods of a namespace with this label are steered; a value that is not valid has no effect. */
    public boolean appliesTo(Optional<String> label) {
        if (this == OFF || label.filter(OFF_VALUE::equals).isPresent()) {
            return false;
        }
        return this == REQUIRED || label.filter(ON_VALUE::equals).isPresent();
    }

    /** Whether this is a value of the label. Case matters. */
    public static boolean isValid(String label) {
        return List.of(ON_VALUE, OFF_VALUE).contains(label);
    }

    /** {@code required, off}. */
    public static String allowedValues() {
        return ON_VALUE + ", " + OFF_VALUE;
    }
}
