package dev.stowage.cli;

import dev.stowage.demo.ImageStore;
import dev.stowage.image.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The CNCF registry itself, on a free port of loopback with an empty folder, and a client that pushes to it. */
final class RealRegistry implements AutoCloseable {

    static final Path BINARY = Path.of(System.getProperty("user.home"), ".cache/kube-bin/registry");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final String address;

    private RealRegistry(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    static RealRegistry start(Path folder) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String address = "127.0.0.1:" + port;
        Path config =
                Files.writeString(folder.resolve("registry.yaml"), """
                version: 0.1
                log: {level: error, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: "%s"}, delete: {enabled: true}}
                http: {addr: "%s"}
                """.formatted(folder.resolve("content"), address));
        Process process = new ProcessBuilder(BINARY.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        RealRegistry registry = new RealRegistry(process, address);
        registry.awaitReady();
        return registry;
    }

    private void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                send(HttpRequest.newBuilder(uri("/v2/")).GET());
                return;
            } catch (UncheckedIOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    close();
                    throw new IOException("the registry did not start", e);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    /** {@code host:port}. */
    String address() {
        return address;
    }

    /** A repository to push to. */
    ImageStore repository(String path) {
        return new ImageStore() {
            @Override
            public Digest putBlob(byte[] content) {
                Digest digest = Digest.of(content);
                String begun = send(HttpRequest.newBuilder(uri("/v2/" + path + "/blobs/uploads/"))
                                .POST(BodyPublishers.noBody()))
                        .headers()
                        .firstValue("Location")
                        .orElseThrow();
                URI upload = uri("/").resolve(begun);
                send(HttpRequest.newBuilder(
                                URI.create(upload + (upload.getQuery() == null ? "?" : "&") + "digest=" + digest))
                        .PUT(BodyPublishers.ofByteArray(content)));
                return digest;
            }

            @Override
            public Digest putManifest(String tag, String mediaType, byte[] content) {
                Digest digest = Digest.of(content);
                String target = tag == null ? digest.toString() : tag;
                send(HttpRequest.newBuilder(uri("/v2/" + path + "/manifests/" + target))
                        .header("Content-Type", mediaType)
                        .PUT(BodyPublishers.ofByteArray(content)));
                return digest;
            }
        };
    }

    /** Deletes a manifest, as a clean-up does. */
    void delete(String path, Digest manifest) {
        send(HttpRequest.newBuilder(uri("/v2/" + path + "/manifests/" + manifest))
                .DELETE());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(response.request().method() + " " + response.uri() + ": "
                        + response.statusCode() + " " + response.body());
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private URI uri(String path) {
        return URI.create("http://" + address + path);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
