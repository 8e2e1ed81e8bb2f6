package dev.stowage.policy;

/** The outcome of an image's verdicts, over the profiles that count. */
public enum ImageOutcome {
    /** It runs on every profile that counts. */
    RUNS,
    /** Nothing to check: the image is never pulled, or the template contains no reference. */
    SKIPPED,
    /** It could not be checked. */
    UNRESOLVED,
    /** It depends on something of the node that cannot be seen. */
    UNCERTAIN,
    /** Its tag or repository does not exist. */
    NOT_FOUND,
    /** It does not run on a profile that counts. */
    DOES_NOT_RUN,
    /** The image is valid, but no node is known that the pods could run on. */
    UNCHECKED
}
