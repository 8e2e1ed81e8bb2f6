package dev.stowage.registry.credentials;

import java.nio.file.Path;

/** A Docker configuration file that cannot be read. The message is one sentence that names the file and shows none of its secrets. */
public final class InvalidDockerConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidDockerConfigException(Path file, String reason) {
        super("cannot read credentials from " + file + ": " + reason);
    }
}
