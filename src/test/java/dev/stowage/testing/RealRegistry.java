package dev.stowage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The CNCF registry as a process of its own on a free loopback port. A test that uses it is annotated with {@link RequiresRegistry}. */
public final class RealRegistry implements AutoCloseable {

    private final Process process;
    private final Path log;
    private final int port;

    /**
     * Starts the registry and waits until it listens.
     *
     * @param folder an empty folder for its data
     * @param http more lines for the {@code http} section, indented by two; empty for none
     * @param more more sections of its configuration; empty for none
     */
    public RealRegistry(Path folder, String http, String more) {
        try {
            port = freePort();
            log = folder.resolve("registry.log");
            Path configuration = Files.writeString(
                    folder.resolve("registry.yml"), """
                    version: 0.1
                    log: {level: error}
                    storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
                    validation: {manifests: {indexes: {platforms: none}}}
                    http:
                      addr: 127.0.0.1:%d
                    %s
                    %s
                    """.formatted(folder.resolve("data"), port, http, more));
            ProcessBuilder builder = new ProcessBuilder(
                    Program.named(Program.REGISTRY).file().toString(), "serve", configuration.toString());
            builder.environment().put("OTEL_TRACES_EXPORTER", "none");
            process = builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            awaitPort();
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    /** Host and port. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    /** What it has logged so far, access log included. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort() {
        Await.await("the registry to listen", Duration.ofSeconds(30), this::log, () -> {
            assertThat(process.isAlive()).as(this::log).isTrue();
            try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                return socket.isConnected();
            } catch (ConnectException e) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
