package dev.stowage.registry.credentials.cloud;

import dev.stowage.image.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file with a token, which Kubernetes replaces from time to time. */
final class SecretFile {

    private static final int MAX_BYTES = 64 * 1024;

    private SecretFile() {}

    /**
     * The token.
     *
     * @param variable the environment variable that names the file
     */
    static String read(String variable, String file) throws CloudException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            String token = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
            if (!token.isEmpty()) {
                return token;
            }
        } catch (IOException | InvalidPathException e) {
            // the sentence below says it
        }
        throw new CloudException(
                "the file of " + variable + ", " + Printable.of(file) + ", cannot be read or is empty");
    }
}
