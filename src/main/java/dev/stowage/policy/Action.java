package dev.stowage.policy;

/** What is done about an image that Stowage cannot tell to run, nor not to run. */
public enum Action {
    /** It is admitted without a word. */
    ALLOW,
    /** It is admitted with a warning. */
    WARN,
    /** It is treated as an image that cannot run. */
    DENY
}
