package dev.stowage.bench.soak;

import dev.stowage.bench.ApiServerConnection;
import dev.stowage.bench.HookProcess;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One replica of the application, which can be killed and started again, and the connection over which it is sent reviews. */
final class Replica implements AutoCloseable {

    private static final String SETTINGS =
            "tls: {mode: managed, secret: stowage/stowage-tls, subjectAltNames: [127.0.0.1]},"
                    + " cache: {tagTtl: " + PodReview.TAG_TTL.toSeconds() + "s, staleIfError: "
                    + PodReview.STALE_FOR.toSeconds() + "s}, reports: {refreshInterval: 5m}";
    private static final Pattern HEAP =
            Pattern.compile("^jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*} ([0-9.E]+)", Pattern.MULTILINE);
    private static final long AROUND_KILL = TimeUnit.SECONDS.toNanos(2);

    private static final long START_PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Vertx vertx;
    private final HttpClient probe;
    private final String name;
    private final int port;
    private final Path kubeconfig;
    private volatile HookProcess process;
    private volatile ApiServerConnection connection;
    private volatile boolean up;
    private volatile boolean wasDown;
    private volatile long changedAt;
    private int starts;

    /**
     * @param name what its identity begins with
     * @param port where it is to listen
     */
    Replica(Vertx vertx, HttpClient probe, String name, int port, Path kubeconfig) {
        this.vertx = vertx;
        this.probe = probe;
        this.name = name;
        this.port = port;
        this.kubeconfig = kubeconfig;
    }

    String name() {
        return name;
    }

    /** How often it was started. */
    int starts() {
        return starts;
    }

    /** Starts it, with the options of the image and the chart's limit of memory, and waits until it is ready. */
    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(HookProcess.javaOfImage());
        command.add(1, "POD_NAME=" + name);
        // a line for each of millions of denials would fill the disk
        command.add("-Dquarkus.log.category.\"dev.stowage.denials\".level=WARN");
        command.addAll(List.of(
                "-jar", HookProcess.APPLICATION.resolve("quarkus-run.jar").toString(), "serve"));
        process = HookProcess.serve(command, port, SETTINGS, kubeconfig, () -> {});
        connection = new ApiServerConnection(vertx, port);
        starts++;
        changedAt = System.nanoTime();
        up = true;
    }

    /** Ends it at once; reviews that it has not answered get no answer. */
    void kill() throws InterruptedException {
        changedAt = System.nanoTime();
        wasDown = true;
        up = false;
        process.kill();
        connection.close();
    }

    /** Whether reviews are to be sent to it, as a Service would know from its readiness. */
    boolean isUp() {
        return up;
    }

    /** Whether the connection may break: it has just been killed. */
    boolean mayBreak() {
        return wasDown && (!up || System.nanoTime() - changedAt < AROUND_KILL);
    }

    ApiServerConnection connection() {
        return connection;
    }

    /** Whether its process has ended without having been killed. */
    boolean hasEnded() {
        return up && !process.runs();
    }

    /** Whether it should be ready again by now. */
    boolean isOverdue() {
        return !up && System.nanoTime() - changedAt > START_PATIENCE;
    }

    Path log() {
        return process.log();
    }

    /** What it occupies now, and what its metrics say. */
    Sample sample(double minutes, ReviewLoad.Counts counts) throws InterruptedException {
        String metrics = metrics();
        return new Sample(
                name,
                starts,
                minutes,
                process.residentMegabytes(),
                heapMegabytes(metrics),
                process.threads(),
                process.descriptors(),
                metrics.contains("stowage_report_leader 1.0"),
                counts);
    }

    private String metrics() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + process.probePort() + "/metrics"))
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            return probe.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            // it has just been killed
            return "";
        }
    }

    private static double heapMegabytes(String metrics) {
        double bytes = 0;
        Matcher used = HEAP.matcher(metrics);
        while (used.find()) {
            bytes += Double.parseDouble(used.group(1));
        }
        return bytes / (1 << 20);
    }

    @Override
    public void close() {
        up = false;
        process.close();
    }
}
