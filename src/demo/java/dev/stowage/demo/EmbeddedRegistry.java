package dev.stowage.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * A small container registry in this process, as the OCI distribution specification has it: manifests and blobs by tag and
 * digest, and pushes. It keeps everything in memory, asks for no credentials, speaks plain http and listens on the loopback
 * interface only, where container tools expect plain http.
 */
public final class EmbeddedRegistry implements AutoCloseable {

    private final RegistryShelves shelves = new RegistryShelves();
    private final ExecutorService workers;
    private final HttpServer server;

    private EmbeddedRegistry(HttpServer server, ExecutorService workers) {
        this.server = server;
        this.workers = workers;
    }

    /**
     * Starts an empty registry on a free port.
     *
     * @throws UncheckedIOException when the loopback interface gives no port
     */
    public static EmbeddedRegistry start() {
        try {
            ExecutorService workers = Executors.newCachedThreadPool(daemons());
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            EmbeddedRegistry registry = new EmbeddedRegistry(server, workers);
            server.createContext("/", new RegistryEndpoint(registry.shelves));
            server.setExecutor(workers);
            server.start();
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded registry cannot listen on 127.0.0.1", e);
        }
    }

    /** Host and port, as they stand in an image reference: {@code 127.0.0.1:41231}. */
    public String address() {
        return server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /** Where the images of this repository ({@code puzzle/amd64-attested}) are put; it exists from its first content on. */
    public ImageStore repository(String name) {
        return shelves.shelf(name);
    }

    /** Ends the registry at once; what it held is gone. */
    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private static ThreadFactory daemons() {
        return task -> {
            Thread thread = new Thread(task, "embedded-registry");
            thread.setDaemon(true);
            return thread;
        };
    }
}
