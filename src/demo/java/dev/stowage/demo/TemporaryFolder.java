package dev.stowage.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A folder that only this user can read, and that goes with everything in it.
 *
 * @param path where it is
 */
record TemporaryFolder(Path path) implements AutoCloseable {
    TemporaryFolder {
        Objects.requireNonNull(path, "path");
    }

    /** A new one. */
    static TemporaryFolder create(String prefix) throws IOException {
        return new TemporaryFolder(Files.createTempDirectory(prefix));
    }

    /** Removes it; what cannot be removed is left to the system, which clears the place of temporary files. */
    @Override
    public void close() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // Someone else was faster.
        }
    }
}
