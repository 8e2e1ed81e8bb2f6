package dev.stowage.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stowage.bench.StandInRegistry.Kind;
import dev.stowage.cli.Main;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs {@code stowage scan} in a process with a small heap against a stand-in for an API server, which makes up a large cluster's objects
 * page by page, and a stand-in for a registry; twice, the second time with the cache of the first. Prints time, memory and requests, and
 * ends with 1 if an image is missing or requested more than once.
 */
public final class ScanScale {

    private static final Pattern CONTINUE = Pattern.compile("(?:^|&)continue=(\\d+)");
    private static final Pattern LIMIT = Pattern.compile("(?:^|&)limit=(\\d+)");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final int PODS_OF_OWNER = 5;
    private static final int NAMESPACES = 100;

    private final Vertx vertx = Vertx.vertx();
    private final StandInRegistry registry = StandInRegistry.start(vertx);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final HttpServer server;
    private final AtomicInteger pages = new AtomicInteger();
    private final int pods;
    private final int images;

    private ScanScale(int pods, int images) throws IOException {
        this.pods = pods;
        this.images = images;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * Runs it.
     *
     * @param args {@code --pods N --images N --heap SIZE}
     */
    public static void main(String... args) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(Arrays.asList(args));
        int pods = Integer.parseInt(take(options, "--pods", "100000"));
        int images = Integer.parseInt(take(options, "--images", "10000"));
        String heap = take(options, "--heap", "256m");
        if (!options.isEmpty() || pods < images * PODS_OF_OWNER) {
            System.err.println(
                    "usage: bench/scan [--pods N] [--images N] [--heap SIZE]; five pods or more for each image");
            System.exit(64);
        }
        ScanScale bench = new ScanScale(pods, images);
        System.out.printf(Locale.ROOT, "%d pods, %d images, a heap of %s%n", pods, images, heap);
        Path folder = Files.createTempDirectory("stowage-scan");
        boolean fine = false;
        try {
            fine = bench.run("first", folder, heap, images) && bench.run("again with --cache", folder, heap, 0);
        } finally {
            bench.close();
        }
        System.exit(fine ? 0 : 1);
    }

    private static String take(List<String> options, String name, String otherwise) {
        int at = options.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        options.remove(at);
        return options.remove(at);
    }

    private boolean run(String title, Path folder, String heap, int expected) throws IOException, InterruptedException {
        Path kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: bench
                contexts: [{name: bench, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: u, user: {token: t}}]
                """.formatted(server.getAddress().getPort()));
        Path out = folder.resolve("out.txt");
        registry.reset();
        pages.set(0);
        long began = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "scan",
                        "--kubeconfig",
                        kubeconfig.toString(),
                        "--platform",
                        "linux/arm64,linux/riscv64",
                        "--cache",
                        folder.resolve("cache").toString(),
                        "--output-file",
                        "json=" + folder.resolve("out.json"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        long peak = 0;
        while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peak(process.pid()));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        List<String> lines = Files.readAllLines(out);
        System.out.printf(
                Locale.ROOT,
                "%s: exit code %d, %.1f s, peak of resident memory %d MB, %d pages of objects, %d manifests, %d HEAD requests,"
                        + " %d requests in all; cache %d kB%n  %s%n",
                title,
                process.exitValue(),
                seconds,
                peak / 1024,
                pages.get(),
                registry.count(Kind.MANIFEST),
                registry.count(Kind.HEAD),
                registry.total(),
                folder.resolve("cache").toFile().length() / 1024,
                lines.isEmpty() ? "" : lines.get(lines.size() - 1));
        return registry.count(Kind.MANIFEST) == expected
                && lines.stream().anyMatch(line -> line.contains("of " + images + " images keep linux/riscv64 out"));
    }

    private static long peak(long process) {
        try {
            Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc/" + process + "/status")));
            return peak.find() ? Long.parseLong(peak.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String query = uri.getQuery() == null ? "" : uri.getQuery();
        String path = uri.getPath();
        pages.incrementAndGet();
        switch (path) {
            case "/api/v1/nodes", "/api/v1/namespaces", "/api/v1/replicationcontrollers" -> empty(exchange, path);
            case "/api/v1/pods" -> send(exchange, 200, page("v1", "PodList", query, pods, this::pod));
            case "/apis/apps/v1/replicasets" ->
                send(exchange, 200, page("apps/v1", "ReplicaSetList", query, pods / PODS_OF_OWNER, this::replicaSet));
            default -> {
                if (path.startsWith("/apis/apps/v1/") || path.startsWith("/apis/batch/v1/")) {
                    empty(exchange, path);
                } else {
                    send(
                            exchange,
                            404,
                            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":404}");
                }
            }
        }
    }

    private static void empty(HttpExchange exchange, String path) throws IOException {
        String plural = path.substring(path.lastIndexOf('/') + 1);
        send(exchange, 200, "{\"apiVersion\":\"v1\",\"kind\":\"" + plural + "List\",\"metadata\":{},\"items\":[]}");
    }

    /** Makes an object. */
    private interface Made {
        String object(int number);
    }

    private static String page(String apiVersion, String kind, String query, int count, Made made) {
        Matcher next = CONTINUE.matcher(query);
        Matcher limit = LIMIT.matcher(query);
        int from = next.find() ? Integer.parseInt(next.group(1)) : 0;
        int to = Math.min(count, from + (limit.find() ? Integer.parseInt(limit.group(1)) : count));
        StringBuilder page = new StringBuilder("{\"apiVersion\":\"")
                .append(apiVersion)
                .append("\",\"kind\":\"")
                .append(kind)
                .append("\",\"metadata\":{\"continue\":\"")
                .append(to < count ? Integer.toString(to) : "")
                .append("\"},\"items\":[");
        for (int i = from; i < to; i++) {
            page.append(i == from ? "" : ",").append(made.object(i));
        }
        return page.append("]}").toString();
    }

    private String replicaSet(int number) {
        return "{\"metadata\":{" + named("app-" + number, number) + "},\"spec\":{\"replicas\":5,\"template\":{\"spec\":"
                + spec(number) + "}}}";
    }

    private String pod(int number) {
        int owner = number / PODS_OF_OWNER;
        return "{\"metadata\":{" + named("app-" + owner + "-" + number, owner)
                + ",\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"app-" + owner
                + "\",\"uid\":\"u" + owner + "\",\"controller\":true}],\"annotations\":{\"padding\":\""
                + "x".repeat(1000) + "\"}},\"spec\":" + spec(owner) + ",\"status\":{\"phase\":\"Running\"}}";
    }

    private String named(String name, int owner) {
        return "\"name\":\"" + name + "\",\"namespace\":\"team-" + owner % images % NAMESPACES + "\",\"uid\":\"" + name
                + "\"";
    }

    private String spec(int owner) {
        return "{\"containers\":[{\"name\":\"app\",\"image\":\"" + registry.address() + "/e4/app-" + owner % images
                + ":1\",\"resources\":{\"requests\":{\"cpu\":\"250m\",\"memory\":\"64Mi\"}}}]}";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void close() {
        server.stop(0);
        threads.shutdownNow();
        Waiting.on(registry.close());
        Waiting.on(vertx.close());
    }
}
