package dev.stowage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearseIT {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("without cluster and registry it becomes ready, keeps reports, and ends by itself without a complaint")
    void rehearses() throws Exception {
        Path config =
                Files.writeString(folder.resolve("config.yaml"), "stowage:\n  server: {host: 127.0.0.1, port: 0}\n");
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(Jar.command("rehearse"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("STOWAGE_CONFIG", config.toString());
        builder.environment().put("KUBECONFIG", folder.resolve("none").toString());
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_HTTP_PORT", "0");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(out)).isZero();
            assertThat(Files.readAllLines(out)).noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
        } finally {
            process.destroyForcibly();
        }
    }
}
