package dev.stowage.policy;

/** What to do with an image whose verdict is undetermined. */
public enum Action {
    /** It is admitted without a word. */
    ALLOW,
    /** It is admitted with a warning. */
    WARN,
    /** It is treated as an image that cannot run. */
    DENY
}
