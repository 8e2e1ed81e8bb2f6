package dev.stowage.config;

import java.util.Collection;

/** A configuration that cannot be used. Its message has a line for each problem: the key, the value and what is allowed. */
public final class InvalidConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidConfigException(String source, Collection<String> problems) {
        super("invalid configuration in " + source + ":\n  " + String.join("\n  ", problems));
    }
}
