package dev.stowage.bench;

import dev.stowage.demo.KubeBinaries;
import dev.stowage.demo.LocalApiServer;
import dev.stowage.serve.SelfSignedCertificate;
import dev.stowage.tls.ServingCertificate;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts the built application, with a heap of 512 MB, against a real API server that holds a large cluster's objects, and shows: how
 * long it takes until every image has its report, what that costs in heap, API writes and requests to the registry, that it then writes
 * nothing, and what a restart asks. The registry is a stand-in in this process. Ends with 1 when something is not as it should be, and
 * with 69 when there is no API server on this machine.
 */
public final class Scale {

    private static final int NO_API_SERVER = 69;
    private static final Duration PATIENCE = Duration.ofMinutes(90);
    private static final Duration WITHOUT_SCANS = Duration.ofMinutes(10);
    private static final Duration AFTER_RESTART = Duration.ofSeconds(20);
    private static final Pattern REPORTS = Pattern.compile("stowage_reports\\{verdict=\"(\\w+)\",?} ([0-9.E]+)");

    private final Vertx vertx = Vertx.vertx();
    private final StandInRegistry registry = StandInRegistry.start(vertx);
    private final HttpClient probe = HttpClient.newHttpClient();
    private final LocalApiServer server;
    private final ScaleCluster cluster;
    private final Path work;
    private final int images;
    private boolean fine = true;

    private Scale(LocalApiServer server, Path work, int images) throws IOException {
        this.server = server;
        this.cluster = new ScaleCluster(server);
        this.work = work;
        this.images = images;
        // of the kind that outlives a process, as the chart's does
        ServingCertificate certificate = new SelfSignedCertificate(List.of("127.0.0.1"), Clock.systemUTC()).current();
        Files.writeString(work.resolve("tls.crt"), certificate.chainPem());
        Files.writeString(work.resolve("tls.key"), certificate.keyPem());
    }

    /**
     * Runs it and prints what it finds; ends with 1 when something is not as it should be.
     *
     * @param args {@code --nodes N --pods N --images N --idle-seconds N}
     */
    public static void main(String... args) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(Arrays.asList(args));
        int nodes = take(options, "--nodes", 5_000);
        int pods = take(options, "--pods", 100_000);
        int images = take(options, "--images", 10_000);
        int idle = take(options, "--idle-seconds", 600);
        if (!options.isEmpty() || images % 2 != 0 || pods < images / 2 * 5) {
            System.err.println("usage: bench/scale [--short] [--nodes N] [--pods N] [--images N] [--idle-seconds N];"
                    + " images: an even number, at most two for five pods");
            System.exit(64);
        }
        Optional<KubeBinaries> binaries = KubeBinaries.find(System.getenv(), Path.of(System.getProperty("user.home")));
        if (binaries.isEmpty()) {
            System.err.println("there is no API server to start against; " + KubeBinaries.HOW_TO_GET_THEM);
            System.exit(NO_API_SERVER);
        }
        Path work = Files.createTempDirectory("stowage-scale");
        boolean fine;
        try (LocalApiServer server = LocalApiServer.start(binaries.get())) {
            Scale scale = new Scale(server, work, images);
            say("%d nodes, %d pods, %d images", nodes, pods, images);
            long began = System.nanoTime();
            scale.cluster.fill(nodes, pods, images, scale.registry.address());
            say("filled the API server in %d s", seconds(began));
            scale.first(Duration.ofSeconds(idle));
            scale.again();
            fine = scale.fine;
            scale.cluster.close();
            Waiting.on(scale.registry.close());
            Waiting.on(scale.vertx.close());
        }
        System.exit(fine ? 0 : 1);
    }

    private static int take(List<String> options, String name, int otherwise) {
        int at = options.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        options.remove(at);
        return Integer.parseInt(options.remove(at));
    }

    private static void say(String line, Object... values) {
        System.out.printf(Locale.ROOT, line + "%n", values);
    }

    private static long seconds(long since) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
    }

    /** From nothing to a report for each image, and then nothing more. */
    private void first(Duration idle) throws IOException, InterruptedException {
        Map<String, Long> before = cluster.writes();
        // as many scans as there are images while it is idle, but for chance; none in a short run
        Duration refresh = idle.compareTo(Duration.ofMinutes(1)) < 0 ? WITHOUT_SCANS : idle;
        try (Served served = new Served(refresh.toSeconds() + "s")) {
            served.awaitReady();
            say("ready after %d s", seconds(served.started));
            served.awaitReports();
            say("%d images judged and reported on after %d s", images, seconds(served.started));
            say("API writes: %s", ScaleCluster.since(before, cluster.writes()));
            say("requests to the registry: %s", asked());
            served.sayMemory();
            registry.reset();
            // the last patch may still be on its way to what is counted
            TimeUnit.SECONDS.sleep(2);
            Map<String, Long> quiet = cluster.writes();
            TimeUnit.SECONDS.sleep(idle.toSeconds());
            Map<String, Long> written = ScaleCluster.since(quiet, cluster.writes());
            say(
                    "idle for %d s, images scanned again every %d s: API writes %s, requests to the registry %s",
                    idle.toSeconds(), refresh.toSeconds(), written.isEmpty() ? "0" : written, asked());
            check(written.isEmpty(), "an idle leader writes");
            check(contentRead() == 0, "images that have not moved are read again");
            served.sayMemory();
        }
    }

    /** A start with reports there. */
    private void again() throws IOException, InterruptedException {
        registry.reset();
        Map<String, Long> before = cluster.writes();
        try (Served served = new Served("1h")) {
            served.awaitReady();
            say("started again: ready after %d s", seconds(served.started));
            String taken = served.awaitSeeds();
            say("%s after %d s", taken, seconds(served.started));
            check(taken.startsWith(images + " of " + images), "not all reports are taken over");
            served.awaitReports();
            TimeUnit.SECONDS.sleep(AFTER_RESTART.toSeconds());
            Map<String, Long> written = ScaleCluster.since(before, cluster.writes());
            say(
                    "leading, %d s later: API writes %s, requests to the registry %s",
                    AFTER_RESTART.toSeconds(), written.isEmpty() ? "0" : written, asked());
            check(contentRead() == 0, "a restarted leader reads images again");
            check(written.isEmpty(), "a restarted leader writes");
            served.sayMemory();
        }
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            fine = false;
            say("NOT AS IT SHOULD BE: %s", otherwise);
        }
    }

    /** The requests for content: all but HEAD. */
    private int contentRead() {
        return registry.count(StandInRegistry.Kind.MANIFEST)
                + registry.count(StandInRegistry.Kind.CHILD)
                + registry.count(StandInRegistry.Kind.CONFIG);
    }

    private String asked() {
        StringBuilder asked = new StringBuilder();
        for (StandInRegistry.Kind kind : StandInRegistry.Kind.values()) {
            if (registry.count(kind) > 0) {
                asked.append(asked.length() == 0 ? "" : ", ")
                        .append(registry.count(kind))
                        .append(' ')
                        .append(kind.name().toLowerCase(Locale.ROOT));
            }
        }
        return asked.length() == 0 ? "0" : asked.toString();
    }

    /** A running {@code stowage serve}. */
    private final class Served implements AutoCloseable {

        private final Process process;
        private final long started;
        private final int probePort = freePort();

        Served(String refresh) throws IOException {
            Path config = Files.writeString(
                    work.resolve("config.yaml"),
                    // tags are remembered for less than that, or looking again would cost no request
                    "stowage: {addresses: {allowLoopback: true}, cache: {tagTtl: 30s}, reports: {refreshInterval: "
                            + refresh + "},"
                            + " tls: {mode: files, certificateFile: " + work.resolve("tls.crt") + ", keyFile: "
                            + work.resolve("tls.key") + "},"
                            + " server: {host: 127.0.0.1, port: " + freePort()
                            + ", drainDelay: 0s, drainTimeout: 1s}}\n");
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-XX:+UseSerialGC",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-jar",
                            "target/quarkus-app/quarkus-run.jar",
                            "serve")
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("serve.log").toFile());
            builder.environment().put("KUBECONFIG", server.kubeconfig().toString());
            builder.environment().put("STOWAGE_CONFIG", config.toString());
            builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
            builder.environment().put("QUARKUS_MANAGEMENT_PORT", String.valueOf(probePort));
            started = System.nanoTime();
            process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        }

        private HttpResponse<String> get(String path) throws InterruptedException {
            try {
                return probe.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probePort + path))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                // it does not listen yet, or collects garbage
                return null;
            }
        }

        void awaitReady() throws IOException, InterruptedException {
            HttpResponse<String> answer = get("/health/ready");
            while (answer == null || answer.statusCode() != 200) {
                waitMore("ready");
                answer = get("/health/ready");
            }
        }

        /** Until this replica leads and there is a report with a verdict for each image. */
        void awaitReports() throws IOException, InterruptedException {
            while (reported() != images || !leads()) {
                waitMore("a report for each image");
            }
        }

        private boolean leads() throws InterruptedException {
            HttpResponse<String> metrics = get("/metrics");
            return metrics != null && metrics.body().contains("stowage_report_leader 1.0");
        }

        private long reported() throws InterruptedException {
            HttpResponse<String> metrics = get("/metrics");
            if (metrics == null) {
                return 0;
            }
            long reported = 0;
            Matcher matcher = REPORTS.matcher(metrics.body());
            while (matcher.find()) {
                reported += matcher.group(1).equals("Pending") ? 0 : (long) Double.parseDouble(matcher.group(2));
            }
            return reported;
        }

        private void waitMore(String what) throws IOException, InterruptedException {
            if (!process.isAlive() || System.nanoTime() - started > PATIENCE.toNanos()) {
                throw new IOException("never " + what + ":\n" + Files.readString(work.resolve("serve.log")));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }

        /** The state of the verdicts that are taken over; readiness waits for them ten seconds at most. */
        String awaitSeeds() throws IOException, InterruptedException {
            String said = seeds();
            while (said.equals("waiting")) {
                waitMore("done with the verdicts of reports");
                said = seeds();
            }
            return said;
        }

        private String seeds() throws InterruptedException {
            HttpResponse<String> answer = get("/health/ready");
            if (answer == null) {
                return "waiting";
            }
            Matcher said = Pattern.compile("\"seeds\"\\s*:\\s*\"([^\"]*)\"").matcher(answer.body());
            return said.find() ? said.group(1) : "nothing said";
        }

        /** What is kept on the heap, by a histogram of live objects, which collects everything else first. */
        void sayMemory() throws IOException, InterruptedException {
            Process histogram = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            String.valueOf(process.pid()),
                            "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            String[] lines = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split("\n");
            String[] total = lines[lines.length - 1].strip().split("\\s+");
            say(
                    "live heap %.0f MB of 512 MB, resident %d MB",
                    Double.parseDouble(total[total.length - 1]) / 1e6, HookProcess.residentMegabytes(process.pid()));
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
