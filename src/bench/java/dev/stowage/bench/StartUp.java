package dev.stowage.bench;

import dev.stowage.demo.KubeBinaries;
import dev.stowage.demo.LocalApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts the built application against a real API server and measures: from the start of the process until it is ready, the first
 * ten reviews, and the memory that it resides in, before and after as many reviews as a busy cluster has in an hour. The ways of
 * starting it take turns, so that what else the machine does meets all of them.
 */
public final class StartUp {

    private static final int IMAGES = 1000;
    private static final int HOUR = 400 * 3600;
    private static final int FIRST_REVIEWS = 10;

    private final Vertx vertx = Vertx.vertx();
    private final StandInRegistry registry = StandInRegistry.start(vertx);
    private final LocalApiServer cluster;
    private final Path work;

    private StartUp(LocalApiServer cluster, Path work) {
        this.cluster = cluster;
        this.work = work;
    }

    /**
     * Runs it and prints a table.
     *
     * @param args Java homes; before them {@code --reviews N}, {@code --starts N}, {@code --fast FOLDER} (the application as it is
     *     packaged), {@code --aot FOLDER} (the same packaged for an AOT cache), {@code --options "..."} (one more way of starting
     *     the last Java home; may be repeated), {@code --only TEXT} (the ways of starting whose name contains it)
     */
    public static void main(String... args) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(Arrays.asList(args));
        int reviews = Integer.parseInt(take(options, "--reviews").orElse(String.valueOf(HOUR)));
        int starts = Integer.parseInt(take(options, "--starts").orElse("5"));
        Path fast = Path.of(take(options, "--fast").orElse("target/quarkus-app"));
        Optional<Path> aot = take(options, "--aot").map(Path::of);
        String only = take(options, "--only").orElse("");
        List<String> more = new ArrayList<>();
        for (Optional<String> next = take(options, "--options"); next.isPresent(); next = take(options, "--options")) {
            more.add(next.get());
        }
        List<Path> homes = options.isEmpty()
                ? List.of(Path.of(System.getProperty("java.home")))
                : options.stream().map(Path::of).toList();
        KubeBinaries binaries = KubeBinaries.find(System.getenv(), Path.of(System.getProperty("user.home")))
                .orElseThrow(() -> new IllegalStateException(
                        "there is no API server to start against; " + KubeBinaries.HOW_TO_GET_THEM));
        Path work = Files.createTempDirectory("stowage-start");
        try (LocalApiServer cluster = LocalApiServer.start(binaries)) {
            StartUp startUp = new StartUp(cluster, work);
            startUp.fill();
            List<StartVariant> variants = StartVariant.all(homes, fast, aot, more, work).stream()
                    .filter(variant -> variant.name().contains(only))
                    .toList();
            startUp.train(variants);
            startUp.measure(variants, starts, reviews);
        }
        System.exit(0);
    }

    private static Optional<String> take(List<String> options, String name) {
        int at = options.indexOf(name);
        if (at < 0) {
            return Optional.empty();
        }
        options.remove(at);
        return Optional.of(options.remove(at));
    }

    /** Makes the caches as the Dockerfile does, and this program warm: its own first connections are not what is measured. */
    private void train(List<StartVariant> variants) throws IOException, InterruptedException {
        for (StartVariant variant : variants) {
            if (!variant.training().isEmpty()) {
                Process process =
                        process(variant, variant.training(), freePort(), freePort(), "serve", "--warm-up-only");
                if (process.waitFor() != 0) {
                    throw new IOException("no cache was made:\n" + Files.readString(work.resolve("serve.log")));
                }
            }
        }
        try (Served served = new Served(variants.get(0))) {
            served.awaitReady();
            for (int i = 0; i < 100; i++) {
                served.review();
            }
            served.reviews(2000, 100);
        }
    }

    private void measure(List<StartVariant> variants, int starts, int reviews)
            throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "Medians of %d starts by turns; resident in MB when ready, with %d images, and after %,d reviews%n%n",
                starts,
                IMAGES,
                reviews);
        System.out.printf(
                "| %-44s | ready s | CPU s | first ms | second | slowest of 3-10 | ready MB | images | load |%n"
                        + "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |%n",
                "");
        Map<StartVariant, StartResult> results = new LinkedHashMap<>();
        variants.forEach(variant -> results.put(variant, new StartResult()));
        for (int start = 0; start < starts; start++) {
            for (StartVariant variant : variants) {
                try (Served served = new Served(variant)) {
                    measure(served, results.get(variant), start == starts - 1 ? reviews : 0);
                }
            }
        }
        results.forEach((variant, result) -> System.out.println(result.row(variant.name())));
    }

    private void measure(Served served, StartResult result, int reviews) throws IOException, InterruptedException {
        result.ready(served.awaitReady(), HookProcess.processorTime(served.process.toHandle()));
        result.residentReady = HookProcess.residentMegabytes(served.process.pid());
        for (int i = 0; i < FIRST_REVIEWS; i++) {
            result.review(i, served.review());
        }
        if (reviews > 0) {
            served.reviews(IMAGES / 2, IMAGES);
            result.residentWithImages = HookProcess.residentMegabytes(served.process.pid());
            served.reviews(reviews, IMAGES);
            result.residentAfterLoad = HookProcess.residentMegabytes(served.process.pid());
        }
    }

    private void fill() throws IOException {
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build()) {
            client.load(Files.newInputStream(Path.of("k8s", "crd-imagereports.yaml")))
                    .create();
            MadeObjects.namespace(client, "shop");
            for (String architecture : List.of("amd64", "arm64")) {
                MadeObjects.node(client, "node-" + architecture, architecture);
            }
        }
    }

    private Process process(StartVariant variant, List<String> options, int port, int probePort, String... command)
            throws IOException {
        Path config = Files.writeString(
                work.resolve("config.yaml"),
                "stowage: {addresses: {allowLoopback: true}, server: {host: 127.0.0.1, port: " + port
                        + ", drainDelay: 0s, drainTimeout: 1s}}\n");
        List<String> line = new ArrayList<>(List.of(variant.java().toString()));
        line.addAll(options);
        line.addAll(List.of("-jar", "quarkus-run.jar"));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(variant.application().toFile())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("serve.log").toFile());
        builder.environment().putAll(variant.environment());
        builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
        builder.environment().put("STOWAGE_CONFIG", config.toString());
        builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", String.valueOf(probePort));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    /** A running {@code stowage serve}. */
    private final class Served implements AutoCloseable {

        private final Process process;
        private final long started;
        private final int port = freePort();
        private final int probePort = freePort();
        private OneReview single;
        private Loads loads;

        Served(StartVariant variant) throws IOException {
            started = System.nanoTime();
            process = process(variant, variant.options(), port, probePort, "serve");
        }

        /** How long it took, in nanoseconds. Asks once in a while only: asking costs the one who starts. */
        long awaitReady() throws IOException, InterruptedException {
            URL ready = URI.create("http://127.0.0.1:" + probePort + "/health/ready")
                    .toURL();
            while (System.nanoTime() - started < TimeUnit.MINUTES.toNanos(2) && process.isAlive()) {
                try {
                    if (((HttpURLConnection) ready.openConnection()).getResponseCode() == 200) {
                        return System.nanoTime() - started;
                    }
                } catch (IOException e) {
                    // it does not listen yet
                }
                Thread.sleep(20);
            }
            throw new IOException("it was never ready:\n" + Files.readString(work.resolve("serve.log")));
        }

        /** How long one review takes, in nanoseconds, the first one with connecting. */
        long review() throws IOException {
            byte[] body = pod(0);
            long sent = System.nanoTime();
            if (single == null) {
                single = OneReview.connect(port);
            }
            single.send(body);
            return System.nanoTime() - sent;
        }

        void reviews(int count, int images) {
            if (loads == null) {
                loads = new Loads(vertx, port, 1);
            }
            loads.some(i -> pod(2 * i % images), 16, count);
        }

        private byte[] pod(int image) {
            return MadeReview.pod(List.of(image(image), image(image + 1)));
        }

        private String image(int number) {
            return registry.address() + "/e4/start-" + number + ":1";
        }

        @Override
        public void close() throws InterruptedException, IOException {
            if (single != null) {
                single.close();
            }
            if (loads != null) {
                loads.close();
            }
            process.destroy();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
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
