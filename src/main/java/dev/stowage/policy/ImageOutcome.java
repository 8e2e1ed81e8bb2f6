package dev.stowage.policy;

/** What the verdicts on an image come to, over the profiles that count. */
public enum ImageOutcome {
    /** It runs where it has to. */
    RUNS,
    /** Not for Stowage to say: the image is never pulled, or a template leaves it open. */
    LEFT_ALONE,
    /** It could not be examined. */
    UNRESOLVED,
    /** Its tag or repository does not exist. */
    NOT_FOUND,
    /** It does not run where it has to. */
    DOES_NOT_RUN,
    /** No node is known that the pods could run on, and the image is one. */
    UNCHECKED
}
