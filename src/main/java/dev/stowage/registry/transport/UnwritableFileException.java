package dev.stowage.registry.transport;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** A file that a response is written to cannot be written, which is not the registry's fault. */
final class UnwritableFileException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    UnwritableFileException(Path file, IOException cause) {
        super("cannot write " + file + ": " + cause.getMessage(), cause);
    }
}
