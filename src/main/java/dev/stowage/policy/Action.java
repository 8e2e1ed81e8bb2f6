package dev.stowage.policy;

/** What to do with an image whose verdict is undetermined. */
public enum Action {
    /** It is admitted without a warning. */
    ALLOW,
    /** It is admitted with a warning. */
    WARN,
    /** It is denied like an image that cannot run. */
    DENY
}
