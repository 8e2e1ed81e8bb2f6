package dev.stowage.cli.page;

/** Whether an image runs, on one platform or on all of them. The order is that of sorting: what needs attention first. */
public enum PageVerdict {
    /** It does not run; of a whole image: on at least one platform. */
    DOES_NOT_RUN("does-not-run", "does not run", "do not run"),
    /** The image does not exist in its registry. */
    NOT_FOUND("not-found", "not found", "not found"),
    /** It could not be determined. */
    UNDETERMINED("undetermined", "undetermined", "undetermined"),
    /** It runs; of a whole image: on every platform. */
    RUNS("runs", "runs", "run"),
    /** No pod that uses the image is scheduled on this platform; of one platform, never of a whole image. */
    NOT_SCHEDULED("not-scheduled", "not scheduled", "not scheduled");

    private final String key;
    private final String one;
    private final String many;

    PageVerdict(String key, String one, String many) {
        this.key = key;
        this.one = one;
        this.many = many;
    }

    /** The verdict in addresses and in class names of the page. */
    String key() {
        return key;
    }

    /** The verdict in words, after this number of images. */
    String words(int images) {
        return images == 1 ? one : many;
    }
}
