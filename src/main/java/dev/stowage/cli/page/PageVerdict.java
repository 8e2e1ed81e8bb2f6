package dev.stowage.cli.page;

/** Whether an image runs, on one platform or on all of them. The order is that of sorting: what needs attention first. */
public enum PageVerdict {
    /** It does not run; of a whole image: on at least one platform. */
    DOES_NOT_RUN("does not run"),
    /** The image does not exist in its registry. */
    NOT_FOUND("not found"),
    /** It could not be determined. */
    UNDETERMINED("undetermined"),
    /** It runs; of a whole image: on every platform. */
    RUNS("runs");

    private final String words;

    PageVerdict(String words) {
        this.words = words;
    }

    /** The verdict in words, as the page shows it. */
    public String words() {
        return words;
    }
}
