package dev.stowage.report.summary;

/** Whether an image runs on a platform, according to its report. */
public enum Cell {
    /** Nodes of the platform run the image. */
    RUNS("runs"),
    /** The image contains the platform; it was not checked, because no node has the platform. */
    HELD("held"),
    /** The image does not run there. */
    MISSING("missing"),
    /** That could not be found out. */
    UNKNOWN("unknown");

    private final String label;

    Cell(String label) {
        this.label = label;
    }

    /** The name in JSON and in the page. */
    public String label() {
        return label;
    }

    /** Whether a pod with the image would start there. */
    public boolean fits() {
        return this == RUNS || this == HELD;
    }
}
