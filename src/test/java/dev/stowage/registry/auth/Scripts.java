package dev.stowage.registry.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Credential helpers made of shell. */
public final class Scripts {

    private Scripts() {}

    public static void install(Path folder, String helper, String script) throws IOException {
        Path file = folder.resolve("docker-credential-" + helper);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
