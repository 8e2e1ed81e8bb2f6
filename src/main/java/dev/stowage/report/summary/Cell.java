package dev.stowage.report.summary;

/** How an image and a platform go together, as far as a report says. */
public enum Cell {
    /** Nodes of the platform run the image. */
    RUNS("runs"),
    /** The image contains the platform; no node of it is known, so nobody has looked closer. */
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
