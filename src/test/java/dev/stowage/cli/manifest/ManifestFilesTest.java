package dev.stowage.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.workload.WorkloadReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFilesTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("no permission")
    void aFileThatMayNotBeRead() throws Exception {
        Path file = Files.writeString(folder.resolve("secret.yaml"), "x");

        assertThat(read(file.toString(), new AccessDeniedException(file.toString())))
                .containsExactly(file + " cannot be read by this user (permission denied)");
        ManifestFiles found = files(new AccessDeniedException(file.toString()));
        assertThat(found.read(List.of(folder.toString()))).isEmpty();
        assertThat(found.skipped()).containsExactly(file + " cannot be read by this user (permission denied)");
    }

    @Test
    @DisplayName("a disk that fails")
    void aFileThatCannotBeRead() {
        String file = folder.resolve("x.yaml").toString();

        assertThat(read(file, new IOException("Input/output error")))
                .containsExactly(file + " cannot be read: Input/output error");
    }

    private static List<String> read(String name, IOException failure) {
        return files(failure).read(List.of(name));
    }

    private static ManifestFiles files(IOException failure) {
        ManifestReader reader = new ManifestReader(new WorkloadReader(), true);
        return new ManifestFiles(reader, InputStream.nullInputStream(), false, file -> {
            throw failure;
        });
    }
}
