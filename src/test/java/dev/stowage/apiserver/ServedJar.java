package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;

import dev.stowage.testing.TrustingClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code stowage serve}, the built application, in a process of its own on a free port of the loopback interface. */
final class ServedJar implements AutoCloseable {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Pattern MANAGEMENT = Pattern.compile("Management interface listening on http://\\S+:(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    final int port = freePort();
    private final Path out;
    private final Process process;
    private final HttpClient plain = HttpClient.newHttpClient();

    /**
     * Starts it; does not wait until it is ready.
     *
     * @param folder where its files are
     * @param tls the configuration {@code tls}, in YAML
     * @param environment more variables of the environment
     */
    ServedJar(ApiServer server, Path folder, String tls, Map<String, String> environment) throws IOException {
        this(server, folder, tls, "{enabled: false}", environment);
    }

    /**
     * Starts it with reports; does not wait until it is ready.
     *
     * @param folder where its files are
     * @param tls the configuration {@code tls}, in YAML
     * @param reports the configuration {@code reports}, in YAML
     * @param environment more variables of the environment
     */
    ServedJar(ApiServer server, Path folder, String tls, String reports, Map<String, String> environment)
            throws IOException {
        out = folder.resolve("out");
        Path config = Files.writeString(
                folder.resolve("config.yaml"),
                "stowage:\n  server: {host: 127.0.0.1, port: " + port + ", drainDelay: 0s}\n  reports: " + reports
                        + "\n  tls: " + tls + "\n");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        JAR.toString(),
                        "serve",
                        "--print-ca")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment()
                .put(
                        "KUBECONFIG",
                        Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig())
                                .toString());
        builder.environment().put("STOWAGE_CONFIG", config.toString());
        builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", "0");
        builder.environment().putAll(environment);
        process = builder.start();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the readiness probe says that it is ready. */
    void awaitReady() {
        int management = Integer.parseInt(printed(MANAGEMENT).group(1));
        HttpRequest probe = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/health/ready"))
                .timeout(TrustingClient.PATIENCE)
                .build();
        await(
                "it to be ready",
                PATIENCE,
                this::output,
                () -> plain.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
    }

    /** Waits until it has printed this. */
    Matcher printed(Pattern pattern) {
        await(
                "it to print " + pattern,
                PATIENCE,
                this::output,
                () -> !process.isAlive() || pattern.matcher(output()).find());
        Matcher matcher = pattern.matcher(output());
        if (!matcher.find()) {
            throw new AssertionError(output());
        }
        return matcher;
    }

    /** What it has printed. */
    String output() {
        try {
            return Files.readString(out);
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends it as Kubernetes does, with SIGTERM, and waits until it has ended. */
    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running\n" + output());
        }
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }
}
