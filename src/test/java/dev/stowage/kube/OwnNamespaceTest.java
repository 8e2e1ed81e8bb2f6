package dev.stowage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnNamespaceTest {

    @Test
    void isWhatTheEnvironmentOrTheMountedFileSays(@TempDir Path dir) throws Exception {
        Path mounted = dir.resolve("namespace");
        assertThat(OwnNamespace.find(Map.of(), mounted)).isEmpty();
        Files.writeString(mounted, "guard\n");
        assertThat(OwnNamespace.find(Map.of(), mounted)).contains("guard");
        assertThat(OwnNamespace.find(Map.of("POD_NAMESPACE", "told"), mounted)).contains("told");
    }
}
