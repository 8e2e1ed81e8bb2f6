package dev.stowage.bench;

import dev.stowage.demo.KubeBinaries;
import dev.stowage.demo.LocalApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Starts the built application against a real API server and measures: from the start of the process until it is ready, the first
 * reviews, and the memory that it resides in, before and after as many reviews as a busy cluster has in an hour.
 */
public final class StartUp {

    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseSerialGC");
    private static final int IMAGES = 1000;
    private static final int HOUR = 400 * 3600;

    private final Vertx vertx = Vertx.vertx();
    private final StandInRegistry registry = StandInRegistry.start(vertx);
    private final HttpClient probe = HttpClient.newHttpClient();
    private final LocalApiServer cluster;
    private final Path work;
    private final int reviews;
    private final int starts;

    /** One way of starting Java. */
    private record Variant(String name, Path java, List<String> training, List<String> options) {}

    private StartUp(LocalApiServer cluster, Path work, int reviews, int starts) {
        this.cluster = cluster;
        this.work = work;
        this.reviews = reviews;
        this.starts = starts;
    }

    /**
     * Runs it and prints a table.
     *
     * @param args Java homes; {@code --reviews N} and {@code --starts N} before them
     */
    public static void main(String... args) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(Arrays.asList(args));
        int reviews = take(options, "--reviews", HOUR);
        int starts = take(options, "--starts", 5);
        KubeBinaries binaries = KubeBinaries.find(System.getenv(), Path.of(System.getProperty("user.home")))
                .orElseThrow(() -> new IllegalStateException(
                        "there is no API server to start against; " + KubeBinaries.HOW_TO_GET_THEM));
        Path work = Files.createTempDirectory("stowage-start");
        try (LocalApiServer cluster = LocalApiServer.start(binaries)) {
            StartUp startUp = new StartUp(cluster, work, reviews, starts);
            startUp.fill();
            System.out.printf(
                    "%-24s %9s %9s %9s %11s %11s %11s%n",
                    "Java", "ready ms", "first ms", "second ms", "RSS ready", "RSS images", "RSS hour");
            for (String home : options.isEmpty() ? List.of(System.getProperty("java.home")) : options) {
                for (Variant variant : startUp.variants(Path.of(home))) {
                    startUp.measure(variant);
                }
            }
        }
        System.exit(0);
    }

    private static int take(List<String> options, String name, int otherwise) {
        int at = options.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        options.remove(at);
        return Integer.parseInt(options.remove(at));
    }

    private void fill() {
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build()) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName("shop")
                            .endMetadata()
                            .build())
                    .create();
            client.resource(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withName("default")
                            .withNamespace("shop")
                            .endMetadata()
                            .build())
                    .create();
            for (String architecture : List.of("amd64", "arm64")) {
                Node node = node(architecture);
                client.resource(node).create();
                client.resource(node).updateStatus();
            }
        }
    }

    private static Node node(String architecture) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("node-" + architecture)
                .withLabels(Map.of("kubernetes.io/os", "linux", "kubernetes.io/arch", architecture))
                .endMetadata()
                .withNewStatus()
                .withNewNodeInfo()
                .withOperatingSystem("linux")
                .withArchitecture(architecture)
                .withContainerRuntimeVersion("containerd://2.1.4")
                .withBootID("b")
                .withKernelVersion("6")
                .withKubeProxyVersion("")
                .withKubeletVersion("v1.34.0")
                .withMachineID("m")
                .withOsImage("Debian")
                .withSystemUUID("u")
                .endNodeInfo()
                .endStatus()
                .build();
    }

    private List<Variant> variants(Path home) throws IOException {
        Path java = home.resolve("bin").resolve("java");
        String release = Files.readAllLines(home.resolve("release")).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.replaceAll("\\D*(\\d+).*", "$1"))
                .findFirst()
                .orElse("0");
        String archive = work.resolve("classes-" + release).toString();
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant("JDK " + release, java, List.of(), List.of()));
        variants.add(new Variant(
                "JDK " + release + " + CDS",
                java,
                List.of("-XX:ArchiveClassesAtExit=" + archive + ".jsa"),
                List.of("-XX:SharedArchiveFile=" + archive + ".jsa")));
        if (Integer.parseInt(release) >= 25) {
            variants.add(new Variant(
                    "JDK " + release + " + AOT cache",
                    java,
                    List.of("-XX:AOTCacheOutput=" + archive + ".aot"),
                    List.of("-XX:AOTCache=" + archive + ".aot")));
        }
        return variants;
    }

    private void measure(Variant variant) throws IOException, InterruptedException {
        if (!variant.training().isEmpty()) {
            try (Served trained = new Served(variant.java(), variant.training())) {
                trained.awaitReady();
                trained.reviews(2000, 100);
            }
        }
        Histogram ready = Measured.histogram();
        Histogram first = Measured.histogram();
        Histogram second = Measured.histogram();
        long resident = 0;
        long residentWithImages = 0;
        long residentAfterAnHour = 0;
        for (int start = 0; start < starts; start++) {
            try (Served served = new Served(variant.java(), variant.options())) {
                ready.recordValue(served.awaitReady());
                resident = HookProcess.residentMegabytes(served.process.pid());
                first.recordValue(served.review());
                second.recordValue(served.review());
                if (start == starts - 1) {
                    served.reviews(IMAGES / 2, IMAGES);
                    residentWithImages = HookProcess.residentMegabytes(served.process.pid());
                    served.reviews(reviews, IMAGES);
                    residentAfterAnHour = HookProcess.residentMegabytes(served.process.pid());
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-24s %9.0f %9.1f %9.1f %8d MB %8d MB %8d MB%n",
                variant.name(),
                ready.getValueAtPercentile(50) / 1e6,
                first.getValueAtPercentile(50) / 1e6,
                second.getValueAtPercentile(50) / 1e6,
                resident,
                residentWithImages,
                residentAfterAnHour);
    }

    /** A running {@code stowage serve}. */
    private final class Served implements AutoCloseable {

        private final Process process;
        private final long started;
        private final int port = freePort();
        private final int probePort = freePort();
        private Loads loads;

        Served(Path java, List<String> options) throws IOException {
            Path config = Files.writeString(
                    work.resolve("config.yaml"),
                    "stowage: {addresses: {loopback: true}, server: {host: 127.0.0.1, port: " + port
                            + ", drainDelay: 0s, drainTimeout: 1s}}\n");
            List<String> command = new ArrayList<>(List.of(java.toString()));
            command.addAll(SMALL);
            command.addAll(options);
            command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar", "serve"));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("serve.log").toFile());
            builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
            builder.environment().put("STOWAGE_CONFIG", config.toString());
            builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
            builder.environment().put("QUARKUS_HTTP_PORT", String.valueOf(probePort));
            started = System.nanoTime();
            process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        }

        /** How long it took, in nanoseconds. */
        long awaitReady() throws IOException, InterruptedException {
            HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probePort + "/health/ready"))
                    .build();
            while (System.nanoTime() - started < TimeUnit.MINUTES.toNanos(2) && process.isAlive()) {
                try {
                    if (probe.send(ready, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200) {
                        return System.nanoTime() - started;
                    }
                } catch (IOException e) {
                    // it does not listen yet
                }
                Thread.sleep(5);
            }
            throw new IOException("it was never ready:\n" + Files.readString(work.resolve("serve.log")));
        }

        /** How long one review takes, in nanoseconds, the first one with connecting. */
        long review() {
            Histogram times = loads().burst(i -> pod(0), 1).times();
            return times.getMaxValue();
        }

        void reviews(int count, int images) {
            loads().some(i -> pod(2 * i % images), 16, count);
        }

        private Loads loads() {
            if (loads == null) {
                loads = new Loads(vertx, port, 1);
            }
            return loads;
        }

        private byte[] pod(int image) {
            return MadeReview.pod(List.of(image(image), image(image + 1)));
        }

        private String image(int number) {
            return registry.address() + "/e4/start-" + number + ":1";
        }

        @Override
        public void close() throws InterruptedException {
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
