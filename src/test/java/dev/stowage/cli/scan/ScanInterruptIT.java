package dev.stowage.cli.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.cli.Main;
import dev.stowage.testing.Await;
import dev.stowage.testing.RequiresApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C while {@code stowage scan} waits for a registry. */
@RequiresApiServer
class ScanInterruptIT {

    private static final int CTRL_C = 130;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("prints what is known, says that it is partial, keeps the cache, and exits with 130")
    void interrupt() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Path out = folder.resolve("out");
        Path cache = folder.resolve("cache");
        try (ScanWorld world = new ScanWorld(ApiServer.shared(), folder)) {
            world.deploy("a", world.push("a", "linux/amd64"), 0, "1", "1Mi");
            world.deploy("b", world.push("b", "linux/amd64"), 0, "1", "1Mi");
            world.registry.on("/v2/b/.*", (request, line) -> {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "scan",
                            "--kubeconfig",
                            world.kubeconfig().toString(),
                            "-n",
                            world.namespace,
                            "--platform",
                            "linux/amd64",
                            "--timeout",
                            "10m",
                            "--cache",
                            cache.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            try {
                Await.await(
                        "both images to be requested",
                        Duration.ofSeconds(60),
                        () -> text(out),
                        () -> world.registry.asked().size() == 2);
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor();

                assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ends").isTrue();
                assertThat(process.exitValue()).as(text(out)).isEqualTo(CTRL_C);
                assertThat(text(out)).containsPattern("PARTIAL: the scan was ended after [01] of 2 images\\.");
                assertThat(cache).exists();
            } finally {
                over.countDown();
                process.destroyForcibly();
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
