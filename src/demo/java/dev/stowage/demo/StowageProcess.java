package dev.stowage.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code stowage serve} as people run it: the packaged application in a process of its own, on free loopback ports. */
final class StowageProcess implements AutoCloseable {

    /** Its own namespace, whose images get no reports. */
    static final String NAMESPACE = "stowage";

    /** The packaged application, from the root of the repository. */
    static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private static final String HOST = "127.0.0.1";
    private static final Duration START = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ChildProcesses processes;
    private final int port = ChildProcesses.freePort();
    private final int managementPort = ChildProcesses.freePort();
    private byte[] authority = {};

    private StowageProcess(ChildProcesses processes) throws IOException {
        this.processes = processes;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param kubeconfig the cluster that it watches; its namespace {@code default} holds the lease
     * @throws IOException when it does not become ready; the message holds the last lines of its log
     */
    static StowageProcess start(Path kubeconfig) throws IOException, InterruptedException {
        StowageProcess stowage = new StowageProcess(ChildProcesses.in("stowage-serve"));
        try {
            stowage.launch(kubeconfig);
            stowage.awaitReady();
            stowage.authority = stowage.get("/ca.pem").body().getBytes(StandardCharsets.US_ASCII);
            return stowage;
        } catch (IOException | InterruptedException | RuntimeException e) {
            stowage.close();
            throw e;
        }
    }

    /** Where it takes reviews: {@code https://127.0.0.1:34567/validate}. */
    URI url() {
        return URI.create("https://" + HOST + ":" + port + "/validate");
    }

    /** The PEM certificate that its own is checked against: the {@code caBundle}. */
    byte[] authority() {
        return authority.clone();
    }

    /** The last lines of its log. */
    List<String> lastLines() {
        return processes.lastLines();
    }

    @Override
    public void close() {
        processes.close();
    }

    /** The one place that knows how ports, certificate and cluster are given to the product. */
    private void launch(Path kubeconfig) throws IOException {
        Path config = Files.writeString(processes.folder().resolve("config.yaml"), """
                stowage:
                  server: {host: %s, port: %d}
                  tls: {mode: self}
                  addresses: {allowLoopback: true}
                """.formatted(HOST, port));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                JAR.toString(),
                "serve");
        Map<String, String> environment = builder.environment();
        // Nothing that is set for other purposes: settings of Stowage and Quarkus, and proxies, which do not lead to
        // loopback.
        environment
                .keySet()
                .removeIf(name -> name.startsWith("STOWAGE_")
                        || name.startsWith("QUARKUS_")
                        || name.toUpperCase(Locale.ROOT).endsWith("_PROXY"));
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("POD_NAMESPACE", NAMESPACE);
        environment.put("STOWAGE_CONFIG", config.toString());
        environment.put("QUARKUS_MANAGEMENT_HOST", HOST);
        environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(managementPort));
        processes.launch("stowage", builder);
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            if (!processes.areAlive()) {
                throw new IOException("stowage serve did not start:\n" + String.join("\n", lastLines()));
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("stowage serve was not ready after " + START.toSeconds() + " seconds:\n"
                        + String.join("\n", lastLines()));
            }
            Thread.sleep(50);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/health/ready").statusCode() == 200;
        } catch (IOException e) {
            // It does not listen yet; what is really wrong ends the process or the wait.
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + managementPort + path))
                .timeout(START)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
