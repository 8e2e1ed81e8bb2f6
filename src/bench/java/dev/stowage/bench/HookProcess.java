package dev.stowage.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Stowage or a {@link Hook} in a JVM of its own, with the heap and collector that a container with little memory would have. */
public final class HookProcess implements AutoCloseable {

    /** The built application. */
    public static final Path APPLICATION =
            Path.of(Optional.ofNullable(System.getenv("STOWAGE_APPLICATION")).orElse("target/quarkus-app"));

    private static final List<String> SMALL = List.of("-Xmx96m", "-XX:+UseSerialGC");

    private final Process process;
    private final int port;
    private final int probePort;
    private final Path log;
    private final Runnable end;

    private HookProcess(Process process, int port, int probePort, Path log, Runnable end) {
        this.process = process;
        this.port = port;
        this.probePort = probePort;
        this.log = log;
        this.end = end;
    }

    static HookProcess start(Hook.Kind kind, int nodes, List<String> jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL);
        command.addAll(jvmOptions);
        try {
            int port = freePort();
            return kind == Hook.Kind.STOWAGE
                    ? stowage(command, port, StandInCluster.start(MadeNodes.of(nodes)))
                    : compared(command, port, kind);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the " + kind + " hook does not start: " + e.getMessage(), e);
        }
    }

    private static HookProcess compared(List<String> command, int port, Hook.Kind kind) throws IOException {
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Hook.class.getName()));
        command.addAll(List.of(kind.name(), String.valueOf(port)));
        Process process = started(new ProcessBuilder(command));
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (!String.valueOf(said.readLine()).startsWith("port ")) {
            throw new IOException("it ended: " + String.join(" ", command));
        }
        drain(said);
        return new HookProcess(process, port, 0, Path.of("/dev/null"), () -> {});
    }

    /** The application as it is built, on a cluster that this process plays; waits until it is ready. */
    private static HookProcess stowage(List<String> command, int port, StandInCluster cluster)
            throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("stowage-hook");
        Path kubeconfig = Files.writeString(work.resolve("kubeconfig"), cluster.kubeconfig());
        command.addAll(
                List.of("-jar", Path.of("target/quarkus-app/quarkus-run.jar").toString(), "serve"));
        return serve(command, port, "reports: {enabled: false}, tls: {mode: self}", kubeconfig, cluster::close);
    }

    /**
     * Java with the options of the image in a container with the chart's limit of memory, with which {@link #serve} can start the
     * application. The heap begins as small as there, so that it grows and shrinks in the same way.
     */
    public static List<String> javaOfImage() throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "MALLOC_ARENA_MAX=2"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:MaxRAM=512m");
        command.addAll(Files.readAllLines(Path.of("src/main/docker/java.options")));
        return command;
    }

    /**
     * Starts {@code stowage serve} on a cluster and waits until it is ready.
     *
     * @param command what starts it
     * @param port where it is to listen
     * @param settings the configuration that is not about addresses and the server, as the inside of a YAML flow mapping
     * @param end what is done when it is closed
     */
    public static HookProcess serve(List<String> command, int port, String settings, Path kubeconfig, Runnable end)
            throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("stowage-hook");
        Path config = Files.writeString(
                work.resolve("config.yaml"),
                "stowage: {addresses: {allowLoopback: true}, " + settings + ", server: {host: 127.0.0.1," + " port: "
                        + port + ", drainDelay: 0s, drainTimeout: 1s}}\n");
        int probePort = freePort();
        Path log = work.resolve("serve.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("STOWAGE_CONFIG", config.toString());
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", String.valueOf(probePort));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        while (!isReady(probePort)) {
            if (!process.isAlive()) {
                throw new IOException("it ended, see " + log + ": " + String.join(" ", command));
            }
            Thread.sleep(50);
        }
        return new HookProcess(process, port, probePort, log, end);
    }

    private static Process started(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.to(new File("/dev/null")))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    private static boolean isReady(int probePort) {
        try {
            HttpURLConnection probe = (HttpURLConnection) URI.create("http://127.0.0.1:" + probePort + "/health/ready")
                    .toURL()
                    .openConnection();
            return probe.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** A port that nothing listens on. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Where its probes and metrics are; 0 if it has none. */
    public int probePort() {
        return probePort;
    }

    /** Its number in the system. */
    public long pid() {
        return process.pid();
    }

    /** Ends it at once, as a node that fails does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Whether it has not ended. */
    public boolean runs() {
        return process.isAlive();
    }

    /** The file with what it logs. */
    public Path log() {
        return log;
    }

    /** The processor time that it has used. */
    Duration processorTime() {
        return processorTime(process.toHandle());
    }

    static Duration processorTime(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What it occupies in memory, in MB; 0 where the system does not say. */
    public long residentMegabytes() {
        return residentMegabytes(process.pid());
    }

    /** What a process occupies in memory, in MB; 0 where the system does not say. */
    public static long residentMegabytes(long pid) {
        return status(pid, "VmRSS:") / 1024;
    }

    /** How many threads it has; 0 where the system does not say. */
    public long threads() {
        return status(process.pid(), "Threads:");
    }

    /** How many file descriptors it has open; 0 where the system does not say. */
    public long descriptors() {
        String[] open =
                Path.of("/proc", String.valueOf(process.pid()), "fd").toFile().list();
        return open == null ? 0 : open.length;
    }

    private static long status(long pid, String field) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static void drain(BufferedReader said) {
        Thread drain = new Thread(() -> said.lines().forEach(line -> {}), "hook-output");
        drain.setDaemon(true);
        drain.start();
    }

    @Override
    public void close() {
        end.run();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
